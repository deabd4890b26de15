using BrokenPipeTools.Kernel.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>An act of a thread on a socket.</summary>
internal readonly record struct SocketAct(long Time, int Thread);

/// <summary>The data of one TCP socket, from its first event to its last. Times are those of the trace's clock.</summary>
internal sealed class SocketLife(ulong address)
{
    private const int MostTimes = 8;

    private readonly List<long> _retransmissions = [];

    /// <summary>The kernel's address of the socket, which is used again after its end.</summary>
    public ulong Address => address;

    /// <summary>Null until both ports are known.</summary>
    public SocketPair? Pair { get; set; }

    public ulong Cookie { get; set; }

    public EndpointRole Role { get; set; }

    public TcpPhase Phase { get; set; }

    /// <summary>The socket at the other end, if it is on this kernel.</summary>
    public SocketLife? Peer { get; set; }

    /// <summary>Two sockets have these addresses, in different network namespaces: properties that are joined by addresses are left out.</summary>
    public bool IsAmbiguous { get; set; }

    /// <summary>The connect call on the socket.</summary>
    public SocketAct? Connecting { get; set; }

    /// <summary>It was connected once.</summary>
    public bool WasEstablished { get; set; }

    /// <summary>The call that made it send its FIN.</summary>
    public SocketAct? FinSent { get; set; }

    public long? FinReceived { get; set; }

    /// <summary>When its FIN was acknowledged.</summary>
    public long? FinAcknowledged { get; set; }

    /// <summary>When a RST, or its own kernel, reset it.</summary>
    public long? ResetTaken { get; set; }

    /// <summary>The RST that reset it, if a socket of this kernel sent it.</summary>
    public ResetSent? ResetFrom { get; set; }

    /// <summary>Whether its own kernel reset it: data came after both directions were shut down.</summary>
    public bool ResetIsOwn { get; set; }

    /// <summary>The RST that it sent.</summary>
    public ResetSent? ResetGiven { get; set; }

    /// <summary>The last error set on it.</summary>
    public ErrorArmed? Error { get; set; }

    /// <summary>A failed call returned that error, which clears it.</summary>
    public bool IsErrorTaken { get; set; }

    public int Retransmissions { get; private set; }

    /// <summary>The times of the last ones, at most <see cref="MostTimes"/>.</summary>
    public IReadOnlyList<long> RetransmissionTimes => _retransmissions;

    /// <summary>The last call that closed it, or changed its state from a program.</summary>
    public SocketAct? LastAct { get; set; }

    /// <summary>When it reached CLOSE, and from which state.</summary>
    public long? Closed { get; set; }

    public TcpPhase ClosedFrom { get; set; }

    public long? Destroyed { get; set; }

    /// <summary>The thread in whose call it was destroyed; null if a packet or timer did it.</summary>
    public int? DestroyedBy { get; set; }

    /// <summary>A record was made of it.</summary>
    public bool IsReported { get; set; }

    /// <summary>The program's last failed or ended read, with its thread.</summary>
    public SocketAct? LastCall { get; set; }

    /// <summary>Counts a retransmission.</summary>
    public void Retransmit(long time)
    {
        Retransmissions++;
        if (_retransmissions.Count == MostTimes)
            _retransmissions.RemoveAt(0);
        _retransmissions.Add(time);
    }

    /// <summary>When a read returned 0.</summary>
    public long? EndRead { get; set; }
}
