namespace BrokenPipeTools.Capture.Live;

/// <summary>The interface, the filter and the options of a capture.</summary>
public sealed record LiveCaptureOptions
{
    /// <summary>A length in bytes that no frame exceeds: the upper bound of libpcap itself (pcap-int.h, MAXIMUM_SNAPLEN).</summary>
    public const int WholeFrames = 262_144;

    /// <summary>The name of the interface, as <see cref="ICaptureLibrary.GetInterfaces"/> returns it.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>A filter in the language of pcap-filter(7); null to capture every frame.</summary>
    public string? Filter { get; init; }

    /// <summary>The most bytes kept of each frame, from 1 to <see cref="WholeFrames"/>, which is the default.</summary>
    public int SnapLength { get; init; } = WholeFrames;

    /// <summary>The size of the kernel's buffer for frames that were not read yet, in bytes. Default 32 MiB.</summary>
    public int BufferSize { get; init; } = 32 << 20;

    /// <summary>Whether frames for other machines are captured, too. Off by default, because connections of this machine need none of them.</summary>
    public bool Promiscuous { get; init; }

    /// <summary>
    /// Whether each frame is returned as soon as it comes. On Linux the kernel's buffer is then divided into slots of <see cref="SnapLength"/> bytes.
    /// On loopback, whose frames may have 64 KiB, the buffer then has room for only some hundred frames, so choose a short <see cref="SnapLength"/>.
    /// Without this option (the default) frames are returned in batches, a twentieth of a second late, and the end of a capture takes an eighth of a
    /// second longer.
    /// </summary>
    public bool Immediate { get; init; }

    /// <summary>
    /// The network namespace of the interface: the id of a process in it, or a path such as /run/netns/blue. Null or empty for the namespace of this
    /// process. Works only on Linux, and needs root. LiveAnalysis enters the namespace; an implementation of <see cref="ICaptureLibrary"/> calls
    /// <see cref="Opening"/> for that.
    /// </summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>
    /// A function that is given the call that opens the interface. It must run that call exactly once before it returns; the call does not throw.
    /// Null runs the call directly. An interface in another network namespace needs it, because the thread has to enter the namespace first
    /// (setns(2)).
    /// </summary>
    public Action<Action>? Opening { get; init; }

    /// <summary>The time after which the capture stops by itself, measured from its opening; null if it does not stop by itself.</summary>
    public TimeSpan? Duration { get; init; }
}
