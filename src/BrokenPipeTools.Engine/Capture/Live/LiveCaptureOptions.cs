namespace BrokenPipeTools.Capture.Live;

/// <summary>The interface, the filter and the options of a capture.</summary>
public sealed record LiveCaptureOptions
{
    /// <summary>A length that no frame exceeds: libpcap's own upper bound (pcap-int.h, MAXIMUM_SNAPLEN).</summary>
    public const int WholeFrames = 262_144;

    /// <summary>The interface, as <see cref="ICaptureLibrary.GetInterfaces"/> names it.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>A filter in the language of pcap-filter(7); null for every frame.</summary>
    public string? Filter { get; init; }

    /// <summary>The most bytes kept of each frame, from 1 to <see cref="WholeFrames"/>, which is the default.</summary>
    public int SnapLength { get; init; } = WholeFrames;

    /// <summary>The kernel's buffer for frames that were not read yet, in bytes. Default 32 MiB.</summary>
    public int BufferSize { get; init; } = 32 << 20;

    /// <summary>Also captures frames for other machines. Off by default: a connection of this machine needs none of them.</summary>
    public bool Promiscuous { get; init; }

    /// <summary>
    /// Returns each frame as soon as it comes. On Linux the buffer is then divided into slots of <see cref="SnapLength"/>. On loopback, whose frames
    /// may have 64 KiB, it then holds only some hundred frames, so choose a short <see cref="SnapLength"/>. Without this option (the default) frames
    /// are packed and returned in batches, a twentieth of a second late, and ending the capture takes an eighth of a second longer.
    /// </summary>
    public bool Immediate { get; init; }

    /// <summary>
    /// The network namespace of the interface: the id of a process in it, or a path such as /run/netns/blue; null or empty for this process's own.
    /// Linux, as root. LiveAnalysis enters the namespace; a capture library uses <see cref="Opening"/>.
    /// </summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>
    /// Wraps the call that opens the interface: it must run the call exactly once before it returns. Null runs it directly. Needed for an interface
    /// in another network namespace, which a thread has to enter first (setns(2)). The call itself does not throw.
    /// </summary>
    public Action<Action>? Opening { get; init; }

    /// <summary>The time after which the capture stops by itself, from its opening; null for never.</summary>
    public TimeSpan? Duration { get; init; }
}
