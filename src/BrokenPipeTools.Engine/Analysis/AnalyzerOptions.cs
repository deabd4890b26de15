using System.Net;
using BrokenPipeTools.Diagnosis.Timers;

namespace BrokenPipeTools.Analysis;

/// <summary>The bounds of an analysis, and its input besides the packets.</summary>
public sealed record AnalyzerOptions
{
    /// <summary>
    /// Connections held open at the same time, about 600 bytes each. If a capture has more, the least recently active one is removed and reported as
    /// <see cref="Closing.CloseState.Evicted"/>. Default 250,000.
    /// </summary>
    public int MaxConnections { get; init; } = 250_000;

    /// <summary>
    /// How long, in the capture's time, a closed connection waits for late segments before its record is final. Default 240 seconds:
    /// twice the maximum segment lifetime (RFC 9293, section 3.4.1), after which nothing of it can be under way.
    /// </summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(240);

    /// <summary>
    /// The value of <see cref="Linger"/> for a live capture, in which a person waits for the record: 5 seconds. By then both sides have sent
    /// everything, except a FIN or payload that is retransmitted for the fifth time (RFC 6298: usually at 0.2, 0.6, 1.4, 3 and 6.2 seconds). Such a
    /// segment begins a record of its own.
    /// </summary>
    public static TimeSpan LiveLinger { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Closed connections that wait at the same time. If there are more, the record of the one that closed first becomes final. Default 16,384.</summary>
    public int MaxLingering { get; init; } = 16_384;

    /// <summary>The time-outs that silences are compared with; null for <see cref="KnownTimers.BuiltIn"/>.</summary>
    public KnownTimers? Timers { get; init; }

    /// <summary>
    /// The addresses of the local host: explanations call its side "your program". If both sides of a connection have one,
    /// it is the client's. Empty: neither side is local.
    /// </summary>
    public IReadOnlyList<IPAddress> LocalAddresses { get; init; } = [];

    /// <summary>The connections whose records are wanted. The others are also followed, but get no record. Default: all.</summary>
    public RecordFilter Filter { get; init; } = new();

    /// <summary>
    /// Ignores all packets except those that the addresses and ports of <see cref="Filter"/> select, as if the capture had no others. Null, the
    /// default: all connections are followed.
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

    /// <summary>Brings threads of the consumer that decode a large file while they have nothing else to do; null if a separate thread should.</summary>
    internal DecodingAhead? Ahead { get; init; }

    /// <summary>Called from the analyzing thread before it may have to wait for a pipe or a live capture. All records up to here have been taken by then.</summary>
    internal Action? BeforeWait { get; init; }

    /// <summary>Called from the analyzing thread a few times per second.</summary>
    public Action<AnalyzerProgress>? Progress { get; init; }
}
