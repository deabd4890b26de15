namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// The capture library of this system: libpcap, or Npcap on Windows. The engine needs none to read files, and references none:
/// <c>BrokenPipeTools.SharpPcap</c> implements this interface with the package SharpPcap. Safe to use from several threads.
/// </summary>
internal interface ICaptureLibrary
{
    /// <summary>Lists the interfaces, in the library's order: the likeliest first. Needs no privilege on Linux and macOS.</summary>
    /// <exception cref="LiveCaptureException">The library is missing, too old, or cannot list them.</exception>
    IReadOnlyList<PcapInterface> GetInterfaces();

    /// <summary>Begins to capture: frames from now on will be read.</summary>
    /// <exception cref="LiveCaptureException">The interface cannot be captured on. The message names the remedy.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    ILiveCapture Open(LiveCaptureOptions options);
}
