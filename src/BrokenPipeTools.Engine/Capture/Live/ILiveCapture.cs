namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// An interface that is being captured on. Opened on one thread it may be read on another; the network namespace is that of the
/// thread that opened it.
/// </summary>
internal interface ILiveCapture : ILiveSource
{
    /// <summary>The capture filter (pcap-filter(7)); empty for none.</summary>
    string Filter { get; }

    /// <summary>Bytes kept of each frame at most.</summary>
    int SnapLength { get; }

    /// <summary>The LINKTYPE_ number of the frames.</summary>
    int LinkType { get; }

    /// <summary>The rest of <see cref="LiveCaptureOptions.Duration"/>; null if none was given.</summary>
    TimeSpan? Remaining { get; }
}
