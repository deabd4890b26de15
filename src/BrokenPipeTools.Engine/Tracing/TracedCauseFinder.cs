using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Tracing;

/// <summary>
/// Finds from the kernel's events why a connection ended. The names of reasons are Linux's: include/net/rstreason.h, include/net/dropreason-core.h.
/// </summary>
internal sealed class TracedCauseFinder(SocketTable sockets)
{
    private const int BrokenPipe = 32; // EPIPE
    private const int Aborted = 103; // ECONNABORTED
    private const int Reset = 104; // ECONNRESET
    private const int TimedOut = 110; // ETIMEDOUT
    private const int Refused = 111; // ECONNREFUSED
    private const int AddressNotAvailable = 99; // EADDRNOTAVAIL

    /// <summary>Finds the cause of a failed call, or of the end of a connection.</summary>
    /// <param name="call">The failed call.</param>
    /// <param name="errno">The error of the call, or the error that the kernel had set.</param>
    /// <param name="first">The first action that ended the connection.</param>
    public TracedCause Find(FailedCall call, int errno, ClosingAct? first) => call switch
    {
        { Kind: TracedKind.Pipe } => new(Cause.WriteAfterPeerClose, Confidence.High, "No process has the read end of the pipe open any more."),
        { Kind: TracedKind.Unix } => OfUnix(errno),
        { Life: null } => new(Cause.Undetermined, Confidence.Low, call.Kind == TracedKind.Tcp && sockets.HasAll(call) ? "The connection ended before the trace began." : ""),
        { Direction: CallDirection.Connect } => OfConnect(call.Life, errno),
        { Life: { } life } => OfConnection(life, call, errno, first),
    };

    private static TracedCause OfUnix(int errno) => errno switch
    {
        BrokenPipe => new(Cause.WriteAfterPeerClose, Confidence.Medium, "The other end of the socket has been closed."),
        Reset => new(Cause.UnreadDataDiscarded, Confidence.High, "The other end was closed while it had unread data."),
        Refused => new(Cause.ConnectionRefused, Confidence.Medium, "No program has the receiving socket open."),
        _ => new(Cause.Undetermined, Confidence.Low),
    };

    private TracedCause OfConnect(SocketLife life, int errno) => errno switch
    {
        Refused when life.ResetFrom is { } reset => new(Cause.ConnectionRefused, Confidence.High, $"This host's kernel answered the SYN with a RST ({ReasonOf(reset)})."),
        Refused when life.ResetTaken is not null => new(Cause.ConnectionRefused, Confidence.Medium, "The SYN was answered with a RST."),
        Refused => new(Cause.ConnectionRefused, Confidence.Medium, "The SYN was answered with an ICMP error."),
        TimedOut when life.Connecting is { } connecting && sockets.Firewall.MeetCall(connecting) => new(Cause.ConnectTimeout, Confidence.High, "This host's own firewall dropped the SYN (NETFILTER_DROP)."),
        TimedOut when sockets.Firewall.MeetAll(life.RetransmissionTimes) => new(Cause.ConnectTimeout, Confidence.High, $"{1 + life.Retransmissions} SYNs were not answered: each time one was sent, a firewall on this host dropped a packet (NETFILTER_DROP)."),
        TimedOut => new(Cause.ConnectTimeout, Confidence.Medium, $"{1 + life.Retransmissions} SYNs were not answered; a full accept queue at the other end has the same effect."),
        Aborted => new(Cause.AbortiveClose, Confidence.Medium, "The socket was destroyed before the connection was established."),
        AddressNotAvailable => new(Cause.Undetermined, Confidence.Low, "No SYN was sent: there was no free local port, or the address cannot be used from here."),
        _ when IsIcmp(errno) => new(Cause.NetworkUnreachable, Confidence.High, "The destination is unreachable: an ICMP error arrived, or this host has no route or no neighbor entry."),
        _ => new(Cause.Undetermined, Confidence.Low),
    };

    private TracedCause OfConnection(SocketLife life, FailedCall call, int errno, ClosingAct? first)
    {
        long time = call.Time;
        if (life is { WasEstablished: false, ClosedFrom: TcpPhase.SynSent, Error: { } early })
            return OfConnect(life, early.Errno);
        if (first is { Method: CloseMethod.Destroyed })
            return new(Cause.AbortiveClose, Confidence.High, "");
        if (life.ResetIsOwn)
            return new(Cause.DataAfterOwnClose, Confidence.High, "Data arrived after both directions were shut down here, and this host's kernel reset the connection (TCP_ABORT_ON_DATA).");
        if (life.ResetTaken is { } taken && taken <= time + Nanoseconds.PerMillisecond)
            return OfReset(life, call, first);
        if (life.Error is { } error)
            return OfError(life, error.Errno);
        if (life is { ResetGiven: { Reason: "TCP_ABORT_ON_CLOSE" } })
            return new(Cause.UnreadDataDiscarded, Confidence.High, "It had unread data, so the kernel sent a RST (TCP_ABORT_ON_CLOSE).");
        if (first is { Side: FailureSide.Local, IsReset: true })
            return new(Cause.AbortiveClose, Confidence.High);
        if (errno == BrokenPipe && life.FinSent is { } own && own.Time <= time && (life.FinReceived is not null || life.Peer?.FinSent is not null) && life.FinAcknowledged is null)
            return new(Cause.NormalClose, Confidence.High, "Both ends had shut down their sending sides.");
        if (errno == BrokenPipe && life.FinSent is { } sent && sent.Time <= time)
            return new(Cause.HalfClose, Confidence.High, "No write is possible after that.");
        return new(Cause.Undetermined, Confidence.Low, life is { Connecting: null, WasEstablished: false, FinReceived: null } ? "The socket's earlier events are not in the trace." : "");
    }

    private TracedCause OfError(SocketLife life, int errno) => errno switch
    {
        TimedOut when life.ResetGiven is { Reason: "TCP_KEEPALIVE_TIMEOUT" } => new(Cause.KeepAliveTimeout, Confidence.High, "Keepalive probes were not answered, and the kernel gave up (TCP_KEEPALIVE_TIMEOUT)."),
        TimedOut when sockets.Firewall.MeetAll(life.RetransmissionTimes) => new(Cause.SilentDrop, Confidence.High, $"The kernel gave up: data were retransmitted {life.Retransmissions} times and not acknowledged. Each time a firewall on this host dropped the packet or its answer (NETFILTER_DROP)."),
        TimedOut when life.Retransmissions > 1 => new(Cause.SilentDrop, Confidence.Medium, $"The kernel gave up: data were retransmitted {life.Retransmissions} times and not acknowledged."),
        TimedOut => new(Cause.Undetermined, Confidence.Low, "The kernel gave up with almost no retransmissions: the peer's window was zero, or this host could not send."),
        Aborted => new(Cause.AbortiveClose, Confidence.High, ""),
        Refused => new(Cause.NetworkUnreachable, Confidence.Medium, "Data on the open connection was answered with an ICMP error (port unreachable)."),
        _ when IsIcmp(errno) => new(Cause.NetworkUnreachable, Confidence.High, "The destination is unreachable: an ICMP error arrived, or this host has no route or no neighbor entry."),
        _ => new(Cause.Undetermined, Confidence.Low),
    };

    /// <summary>
    /// Returns whether an ICMP error causes this errno: EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, ENOPROTOOPT, EPROTO, EMSGSIZE
    /// (icmp_err_convert, net/ipv4/icmp.c).
    /// </summary>
    private static bool IsIcmp(int errno) => errno is 113 or 101 or 112 or 100 or 92 or 71 or 90;

    private string ReasonOf(ResetSent reset) => sockets.DropReason(reset) ?? reset.Reason ?? "no reason given";

    private TracedCause OfReset(SocketLife life, FailedCall call, ClosingAct? first)
    {
        if (life.ResetFrom is not { } reset)
            return OfForeignReset(life, call);
        string reason = ReasonOf(reset);
        return reason switch
        {
            "TCP_LISTEN_OVERFLOW" => new(Cause.AcceptQueueOverflow, Confidence.High, "The server's accept queue was full (TCP_LISTEN_OVERFLOW)."),
            "TCP_ABORT_ON_CLOSE" => new(Cause.UnreadDataDiscarded, Confidence.High, "It had unread data, so its kernel sent a RST (TCP_ABORT_ON_CLOSE)."),
            "TCP_KEEPALIVE_TIMEOUT" => new(Cause.KeepAliveTimeout, Confidence.High, "Its keepalive probes were not answered, and its kernel gave up (TCP_KEEPALIVE_TIMEOUT)."),
            "TCP_ABORT_ON_MEMORY" => new(Cause.AbortiveClose, Confidence.High, "Its kernel had no memory for a connection without a program (TCP_ABORT_ON_MEMORY)."),
            "TCP_STATE" or "TCP_ABORT_ON_LINGER" or "TCP_DISCONNECT_WITH_DATA" => new(Cause.AbortiveClose, Confidence.High, $"Its kernel sent a RST ({reason})."),
            "TCP_ABORT_ON_DATA" => new(Cause.WriteAfterPeerClose, Confidence.Medium, $"Data that arrived there after that was answered with a RST ({reason})."),
            "TCP_INVALID_ACK_SEQUENCE" or "TCP_FLAGS" when reset.State == TcpPhase.SynSent => new(Cause.StalePortReuse, Confidence.High, $"Its host had started a new connection from the same port, and reset this one ({reason})."),
            _ when life.FinReceived is not null || life.Peer?.FinSent is not null => new(Cause.WriteAfterPeerClose, reason is "TCP_TIMEWAIT_SOCKET" ? Confidence.High : Confidence.Medium, $"The first write after that was answered with a RST ({reason})."),
            "TCP_FLAGS" or "INVALID_SYN" when reset.State == TcpPhase.Listen => new(Cause.PeerStateLost, Confidence.Medium, $"Only its listening socket was left, and answered with a RST ({reason})."),
            _ when reset.Origin.IsTask && first is { Method: not CloseMethod.Unknown } => new(Cause.AbortiveClose, Confidence.Medium, $"Its kernel sent a RST ({reason})."),
            _ => new(Cause.PeerStateLost, Confidence.Medium, $"Its kernel no longer had the connection and answered with a RST ({reason})."),
        };
    }

    /// <summary>Returns the cause if no traced socket on this kernel sent the RST.</summary>
    private TracedCause OfForeignReset(SocketLife life, FailedCall call)
    {
        if (sockets.ShowsForgery(call))
            return new(Cause.MiddleboxReset, Confidence.High, "A RST arrived with the peer's address, but the peer's socket is on this kernel and did not send it: a firewall or another device sent it.");
        return life.FinReceived is not null
            ? new(Cause.WriteAfterPeerClose, Confidence.Medium, "A RST followed.")
            : new(Cause.Undetermined, Confidence.Low, life.Peer is not null ? "A RST arrived; the trace does not show who sent it." : "A RST arrived from another host; only that host's kernel or the packets show the reason.");
    }
}
