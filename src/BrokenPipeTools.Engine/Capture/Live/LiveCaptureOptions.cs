namespace BrokenPipeTools.Capture.Live;

/// <summary>The interface, the filter and the options of a capture.</summary>
public sealed record LiveCaptureOptions
{
    /// <summary>More than any frame has: libpcap's own upper bound (pcap-int.h, MAXIMUM_SNAPLEN).</summary>
    public const int WholeFrames = 262_144;

    /// <summary>The interface, as <see cref="ICaptureLibrary.GetInterfaces"/> names it.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>A filter in the language of pcap-filter(7); null for every frame.</summary>
    public string? Filter { get; init; }

    /// <summary>Bytes kept of each frame, from 1 to <see cref="WholeFrames"/>, which is the default.</summary>
    public int SnapLength { get; init; } = WholeFrames;

    /// <summary>Bytes that the kernel holds for us while we are busy. Default 32 MiB.</summary>
    public int BufferSize { get; init; } = 32 << 20;

    /// <summary>Captures frames for other machines too. Off by default: a connection of this machine needs none of them.</summary>
    public bool Promiscuous { get; init; }

    /// <summary>
    /// Hands over each frame as it comes. On Linux the buffer is then divided into slots of <see cref="SnapLength"/>, and on
    /// loopback, whose frames may be 64 KiB, it holds some hundred frames only: choose a short <see cref="SnapLength"/> with it.
    /// Without it (the default) frames are packed and come in batches, a twentieth of a second late, and the end of the capture
    /// takes an eighth of a second longer.
    /// </summary>
    public bool Immediate { get; init; }

    /// <summary>
    /// The network namespace that has the interface: the id of a process in it, or a path such as <c>/run/netns/blue</c>; null or empty for
    /// our own. Linux, as root. <c>LiveAnalysis</c> enters it; a library is given <see cref="Opening"/>.
    /// </summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>
    /// Runs the call that opens the interface, exactly once and before it returns; null runs it directly. For an interface in another
    /// network namespace, which a thread has to enter first (setns(2)). The call itself does not throw.
    /// </summary>
    public Action<Action>? Opening { get; init; }

    /// <summary>When to stop by itself, counted from the opening; null for never.</summary>
    public TimeSpan? Duration { get; init; }
}
