using static BrokenPipeTools.Kernel.CounterSection;
using static BrokenPipeTools.Kernel.TcpCounterGroup;

namespace BrokenPipeTools.Kernel;

/// <summary>Counters of connections that ended badly.</summary>
internal static class AbortCounters
{
    public static IReadOnlyList<CounterMeaning> All { get; } =
    [
        new(TcpExt, "TCPAbortOnClose", Abort, "__tcp_close",
            "A program closed a connection with data unread; the kernel sent RST in place of FIN.",
            "A program here must read to the end before it closes; the peer gets ECONNRESET (causes UnreadDataDiscarded, EarlyResponse)."),
        new(TcpExt, "TCPAbortOnData", Abort, "__tcp_close, tcp_rcv_state_process",
            "A program closed with SO_LINGER 0, or data came after it had shut down both directions, or before its FIN was acknowledged; the kernel reset the connection.",
            "Look for SO_LINGER 0, or for a peer that goes on sending after this host closed (causes AbortiveClose, DataAfterOwnClose)."),
        new(TcpExt, "TCPAbortOnTimeout", Abort, "tcp_write_err",
            "The kernel gave up a connection: data, SYN, keepalive or window probes were not acknowledged in time.",
            "The path or the peer is gone, or a firewall drops; the program gets ETIMEDOUT (causes SilentDrop, ConnectTimeout, KeepAliveTimeout, ZeroWindowStall)."),
        new(TcpExt, "TCPAbortOnMemory", Abort, "__tcp_close, tcp_out_of_resources",
            "A closed connection was reset, because there were too many orphans or too little memory for TCP.",
            "Resources ran out: compare orphan and mem with their limits; raise net.ipv4.tcp_max_orphans or tcp_mem, or close fewer connections at once."),
        new(TcpExt, "TCPAbortOnLinger", Abort, "__tcp_close",
            "A program closed a connection in FIN_WAIT_2 whose TCP_LINGER2 is negative; the kernel reset it.",
            "A program here sets TCP_LINGER2 below 0 (cause AbortiveClose)."),
        new(TcpExt, "TCPAbortFailed", Abort, "tcp_send_active_reset",
            "A RST could not be sent: there was no memory, or the layers below refused it.",
            "The peer does not learn that the connection is gone: look for a firewall or a missing route on this host, or for too little memory."),
        new(Tcp, "OutRsts", Reset, "tcp_send_active_reset, tcp_v4_send_reset, tcp_v6_send_response",
            "This host sent a RST, for any reason.",
            "More than the aborts together: segments came for which there is no socket (any more), such as data after a FIN was acknowledged (causes ConnectionRefused, WriteAfterPeerClose, PeerStateLost)."),
        new(Tcp, "EstabResets", Reset, "tcp_set_state",
            "An established connection closed without the four steps: by a RST of either side, or given up.",
            "As many as PassiveOpens and ActiveOpens together: aborting is the rule here (causes AbortiveClose, UnreadDataDiscarded, MiddleboxReset)."),
        new(Tcp, "AttemptFails", Reset, "tcp_done, tcp_check_req",
            "A connection failed before it was established: refused, reset or not answered.",
            "A service is down or unreachable, or somebody scans this host (causes ConnectionRefused, ConnectTimeout)."),
        new(TcpExt, "EmbryonicRsts", Reset, "tcp_check_req",
            "A RST or a second SYN ended a connection between its SYN and the last step of its handshake.",
            "Clients that give up or only probe the port (cause HealthProbe), or a scan."),
        new(Tcp, "ActiveOpens", Connection, "tcp_connect", "A program of this host began to connect.", "How many connects the failures belong to."),
        new(Tcp, "PassiveOpens", Connection, "tcp_create_openreq_child", "A connection to a listener of this host was established.", "How many connections the overflows belong to."),
        new(Tcp, "CurrEstab", Connection, "tcp_set_state",
            "Connections that are established or in CLOSE_WAIT now.",
            "If it only grows, a program does not close: look with ss -tanp state close-wait (cause HalfClose)."),
        new(TcpExt, "TW", Connection, "__inet_twsk_schedule", "A connection entered TIME_WAIT or a short FIN_WAIT_2 after this host had closed it first.", "Many for few requests: connections are not used again."),
        new(SockStat, "inuse", Connection, "sockstat_seq_show", "TCP sockets in use now, listeners included.", "If it only grows, sockets leak."),
        new(SockStat, "tw", Connection, "sockstat_seq_show",
            "Connections in TIME_WAIT now.",
            "At its limit (net.ipv4.tcp_max_tw_buckets) TCPTimeWaitOverflow rises, and old segments may meet new connections (cause StalePortReuse)."),
    ];
}
