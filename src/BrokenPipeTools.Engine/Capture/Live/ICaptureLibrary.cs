namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// The capture library of this system: libpcap, or Npcap on Windows. The engine needs none to read files, and references none;
/// BrokenPipeTools.SharpPcap implements this interface with the package SharpPcap. Safe to use from several threads.
/// </summary>
internal interface ICaptureLibrary
{
    /// <summary>Lists the interfaces in the library's order, the most useful first. Needs no privilege on Linux and macOS.</summary>
    /// <exception cref="LiveCaptureException">The library is missing, too old, or cannot list them.</exception>
    IReadOnlyList<PcapInterface> GetInterfaces();

    /// <summary>Begins to capture: frames that pass the interface from now on can be read.</summary>
    /// <exception cref="LiveCaptureException">The interface cannot be captured on. The message contains the remedy.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    ILiveCapture Open(LiveCaptureOptions options);
}
