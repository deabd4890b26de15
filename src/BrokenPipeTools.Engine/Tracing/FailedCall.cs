using BrokenPipeTools.Kernel.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>A failed call, or the end of a connection without one, in its state at that time.</summary>
internal sealed record FailedCall
{
    public required long Time { get; init; }

    public required CallDirection Direction { get; init; }

    public required TracedKind Kind { get; init; }

    /// <summary>The errno; 0 for an end without a failed call.</summary>
    public required int Errno { get; init; }

    /// <summary>The thread that made the call; 0 if none is known.</summary>
    public required int Thread { get; init; }

    public required ProcessInfo? Process { get; init; }

    /// <summary>The TCP socket; null if it is not known, or not a TCP socket.</summary>
    public SocketLife? Life { get; init; }

    /// <summary>The state of the socket at that time.</summary>
    public TcpPhase Phase { get; init; }

    public SignalSent? Signal { get; init; }

    public int Retransmissions { get; init; }

    /// <summary>Events lost until then.</summary>
    public long Lost { get; init; }
}
