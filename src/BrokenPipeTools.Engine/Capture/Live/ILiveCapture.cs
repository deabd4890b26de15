namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// A running capture on an interface. Another thread than the one that opened the capture may read it. The capture stays in the network namespace of
/// the thread that opened it.
/// </summary>
internal interface ILiveCapture : ILiveSource
{
    /// <summary>The capture filter (pcap-filter(7)); empty if there is none.</summary>
    string Filter { get; }

    /// <summary>The most bytes kept of each frame.</summary>
    int SnapLength { get; }

    /// <summary>The LINKTYPE_ number of the frames.</summary>
    int LinkType { get; }

    /// <summary>The remaining time of <see cref="LiveCaptureOptions.Duration"/>; null if no duration was given.</summary>
    TimeSpan? Remaining { get; }
}
