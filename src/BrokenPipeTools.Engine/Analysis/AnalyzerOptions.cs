using System.Net;
using BrokenPipeTools.Diagnosis.Timers;

namespace BrokenPipeTools.Analysis;

/// <summary>The bounds of an analysis, and its input besides the packets.</summary>
public sealed record AnalyzerOptions
{
    /// <summary>
    /// Connections held open at the same time, about 800 bytes each. If a capture has more, the least recently active one is given up and
    /// reported as <see cref="Closing.CloseState.Evicted"/>. Default 250,000.
    /// </summary>
    public int MaxConnections { get; init; } = 250_000;

    /// <summary>
    /// How long, in the capture's time, a closed connection waits for late segments before its record is final. Default 240 seconds:
    /// twice the maximum segment lifetime (RFC 9293, section 3.4.1), after which nothing of it can be under way.
    /// </summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(240);

    /// <summary>
    /// The value of <see cref="Linger"/> for a live capture, in which a person waits for the record: 5 seconds. Both sides have sent
    /// everything by then, but for a FIN or payload that is repeated for the fifth time (RFC 6298: at 0.2, 0.6, 1.4, 3 and
    /// 6.2 seconds, usually); that would begin a record of its own.
    /// </summary>
    public static TimeSpan LiveLinger { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Closed connections that wait at the same time; if more have closed, the one that closed first is final. Default 16,384.</summary>
    public int MaxLingering { get; init; } = 16_384;

    /// <summary>The time-outs that silences are compared with; null for <see cref="KnownTimers.BuiltIn"/>.</summary>
    public KnownTimers? Timers { get; init; }

    /// <summary>
    /// The addresses of the local host: explanations call its side "your program". If both sides of a connection have one,
    /// it is the client's. Empty: neither side is local.
    /// </summary>
    public IReadOnlyList<IPAddress> LocalAddresses { get; init; } = [];

    /// <summary>The connections whose records are wanted; the others are followed and not written. Default: all.</summary>
    public RecordFilter Filter { get; init; } = new();

    /// <summary>
    /// Leaves out the packets that the addresses and ports of <see cref="Filter"/> do not choose, as if the capture had no others; null, the
    /// default, to follow all connections.
    /// </summary>
    internal PacketChoices? Choices { get; init; }

    /// <summary>
    /// Keeps the first 256 bytes of each frame in a connection's log, so that <see cref="Reports.CloseEvent.GetRawCapture"/> has
    /// them. Frames are then read one by one. A connection needs about 0.5 kB more, and 0.35 kB for each frame in its log; the log
    /// has at most 32.
    /// </summary>
    public bool IncludePacket { get; init; }

    /// <summary>The pool that the consumer returns records to; null if the consumer keeps them.</summary>
    internal RecordPool? Pool { get; init; }

    /// <summary>Called from the analyzing thread before it may have to wait for a pipe or a live capture: all records found so far were taken.</summary>
    internal Action? BeforeWait { get; init; }

    /// <summary>Called from the analyzing thread a few times per second.</summary>
    public Action<AnalyzerProgress>? Progress { get; init; }
}
