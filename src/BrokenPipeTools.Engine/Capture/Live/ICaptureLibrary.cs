namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// The capture library of this system: libpcap, or Npcap on Windows. The engine does not reference it, and does not need it to read files.
/// BrokenPipeTools.SharpPcap implements this interface with the package SharpPcap. The implementation can be used from several threads.
/// </summary>
internal interface ICaptureLibrary
{
    /// <summary>Lists the interfaces in the library's order: the most useful ones come first. Needs no privilege on Linux and macOS.</summary>
    /// <exception cref="LiveCaptureException">The library is missing, too old, or cannot list the interfaces.</exception>
    IReadOnlyList<PcapInterface> GetInterfaces();

    /// <summary>Begins a capture. It contains the frames that pass the interface from now on.</summary>
    /// <exception cref="LiveCaptureException">The interface cannot be captured on. The message contains the remedy.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    ILiveCapture Open(LiveCaptureOptions options);
}
