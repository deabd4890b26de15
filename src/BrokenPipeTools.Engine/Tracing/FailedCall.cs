using BrokenPipeTools.Kernel.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>A failed call, or the end of a connection without a failed call, with the state at that time.</summary>
internal sealed record FailedCall
{
    public required long Time { get; init; }

    public required CallDirection Direction { get; init; }

    public required TracedKind Kind { get; init; }

    /// <summary>The errno of the call; 0 if no call failed.</summary>
    public required int Errno { get; init; }

    /// <summary>The thread that made the call; 0 if it is not known.</summary>
    public required int Thread { get; init; }

    public required ProcessInfo? Process { get; init; }

    /// <summary>The TCP socket of the call; null if it is not known, or not a TCP socket.</summary>
    public SocketLife? Life { get; init; }

    /// <summary>The state of the socket at the time of the call.</summary>
    public TcpPhase Phase { get; init; }

    public SignalSent? Signal { get; init; }

    public int Retransmissions { get; init; }

    /// <summary>The number of events that were lost until the call.</summary>
    public long Lost { get; init; }
}
