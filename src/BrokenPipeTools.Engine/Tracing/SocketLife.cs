using BrokenPipeTools.Kernel.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>An action of a thread on a socket.</summary>
internal readonly record struct SocketAct(long Time, int Thread);

/// <summary>The data of one TCP socket, from its first event to its last. All times are those of the trace's clock.</summary>
internal sealed class SocketLife(ulong address)
{
    private const int MostTimes = 8;

    private readonly List<long> _retransmissions = [];

    /// <summary>The address of the socket in the kernel's memory. The kernel reuses it after the socket's end.</summary>
    public ulong Address => address;

    /// <summary>The addresses and ports; null until both ports are known.</summary>
    public SocketPair? Pair { get; set; }

    public ulong Cookie { get; set; }

    public EndpointRole Role { get; set; }

    public TcpPhase Phase { get; set; }

    /// <summary>The socket at the other end, if it is on this kernel.</summary>
    public SocketLife? Peer { get; set; }

    /// <summary>Whether two sockets in different network namespaces have these addresses. Nothing is then joined by addresses.</summary>
    public bool IsAmbiguous { get; set; }

    /// <summary>The connect call on the socket.</summary>
    public SocketAct? Connecting { get; set; }

    /// <summary>Whether the socket was ever connected.</summary>
    public bool WasEstablished { get; set; }

    /// <summary>The call that made the socket send its FIN.</summary>
    public SocketAct? FinSent { get; set; }

    public long? FinReceived { get; set; }

    /// <summary>The time when the socket's FIN was acknowledged.</summary>
    public long? FinAcknowledged { get; set; }

    /// <summary>The time when the socket was reset, by a RST or by its own kernel.</summary>
    public long? ResetTaken { get; set; }

    /// <summary>The RST that reset the socket, if a socket on this kernel sent it.</summary>
    public ResetSent? ResetFrom { get; set; }

    /// <summary>Whether the socket's own kernel reset it, because data came after both directions were shut down.</summary>
    public bool ResetIsOwn { get; set; }

    /// <summary>The RST that the socket sent.</summary>
    public ResetSent? ResetGiven { get; set; }

    /// <summary>The last error that was set on the socket.</summary>
    public ErrorArmed? Error { get; set; }

    /// <summary>Whether a failed call returned <see cref="Error"/>, which clears it.</summary>
    public bool IsErrorTaken { get; set; }

    public int Retransmissions { get; private set; }

    /// <summary>The times of the latest retransmissions, <see cref="MostTimes"/> at most.</summary>
    public IReadOnlyList<long> RetransmissionTimes => _retransmissions;

    /// <summary>The last call that closed the socket or changed its state.</summary>
    public SocketAct? LastAct { get; set; }

    /// <summary>The time when the socket reached the state CLOSE.</summary>
    public long? Closed { get; set; }

    public TcpPhase ClosedFrom { get; set; }

    public long? Destroyed { get; set; }

    /// <summary>The thread whose call destroyed the socket; null if a packet or a timer destroyed it.</summary>
    public int? DestroyedBy { get; set; }

    /// <summary>Whether a record was made for the socket.</summary>
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
