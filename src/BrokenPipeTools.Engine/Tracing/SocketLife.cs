using BrokenPipeTools.Kernel.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>An action of a thread on a socket.</summary>
internal readonly record struct SocketAct(long Time, int Thread);

/// <summary>The data of one TCP socket, from its first event to its last. Times are those of the trace's clock.</summary>
internal sealed class SocketLife(ulong address)
{
    private const int MostTimes = 8;

    private readonly List<long> _retransmissions = [];

    /// <summary>The kernel's address of the socket, which is reused after its end.</summary>
    public ulong Address => address;

    /// <summary>The addresses and ports; null until both ports are known.</summary>
    public SocketPair? Pair { get; set; }

    public ulong Cookie { get; set; }

    public EndpointRole Role { get; set; }

    public TcpPhase Phase { get; set; }

    /// <summary>The socket at the other end, if it is on this kernel.</summary>
    public SocketLife? Peer { get; set; }

    /// <summary>Whether two sockets have these addresses, in different network namespaces: then properties that are joined by addresses are left out.</summary>
    public bool IsAmbiguous { get; set; }

    /// <summary>The connect call on the socket.</summary>
    public SocketAct? Connecting { get; set; }

    /// <summary>Whether it was ever connected.</summary>
    public bool WasEstablished { get; set; }

    /// <summary>The call that made it send its FIN.</summary>
    public SocketAct? FinSent { get; set; }

    public long? FinReceived { get; set; }

    /// <summary>The time when its FIN was acknowledged.</summary>
    public long? FinAcknowledged { get; set; }

    /// <summary>The time when a RST, or its own kernel, reset it.</summary>
    public long? ResetTaken { get; set; }

    /// <summary>The RST that reset it, if a socket of this kernel sent it.</summary>
    public ResetSent? ResetFrom { get; set; }

    /// <summary>Whether its own kernel reset it: data came after both directions were shut down.</summary>
    public bool ResetIsOwn { get; set; }

    /// <summary>The RST that it sent.</summary>
    public ResetSent? ResetGiven { get; set; }

    /// <summary>The last error set on it.</summary>
    public ErrorArmed? Error { get; set; }

    /// <summary>Whether a failed call returned that error, which clears it.</summary>
    public bool IsErrorTaken { get; set; }

    public int Retransmissions { get; private set; }

    /// <summary>The times of the last retransmissions, at most <see cref="MostTimes"/>.</summary>
    public IReadOnlyList<long> RetransmissionTimes => _retransmissions;

    /// <summary>The last call that closed it, or changed its state.</summary>
    public SocketAct? LastAct { get; set; }

    /// <summary>The time when it reached CLOSE, and its state before that.</summary>
    public long? Closed { get; set; }

    public TcpPhase ClosedFrom { get; set; }

    public long? Destroyed { get; set; }

    /// <summary>The thread whose call destroyed it; null if a packet or timer did.</summary>
    public int? DestroyedBy { get; set; }

    /// <summary>Whether a record was made for it.</summary>
    public bool IsReported { get; set; }

    /// <summary>The program's last read that failed or returned the end.</summary>
    public SocketAct? LastCall { get; set; }

    /// <summary>Counts a retransmission.</summary>
    public void Retransmit(long time)
    {
        Retransmissions++;
        if (_retransmissions.Count == MostTimes)
            _retransmissions.RemoveAt(0);
        _retransmissions.Add(time);
    }

    /// <summary>The time when a read returned 0.</summary>
    public long? EndRead { get; set; }
}
