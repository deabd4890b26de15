using static BrokenPipeTools.Kernel.CounterSection;
using static BrokenPipeTools.Kernel.TcpCounterGroup;

namespace BrokenPipeTools.Kernel;

/// <summary>Counters of connections that were aborted or reset.</summary>
internal static class AbortCounters
{
    public static IReadOnlyList<CounterMeaning> All { get; } =
    [
        new(TcpExt, "TCPAbortOnClose", Abort, "__tcp_close",
            "A program closed a connection with data unread; the kernel sent RST in place of FIN.",
            "A program on this host must read to the end before it closes; the peer gets ECONNRESET (causes UnreadDataDiscarded, EarlyResponse)."),
        new(TcpExt, "TCPAbortOnData", Abort, "__tcp_close, tcp_rcv_state_process",
            "A program closed with SO_LINGER 0, or data arrived after it had shut down both directions or before its FIN was acknowledged; the kernel reset the connection.",
            "Look for SO_LINGER 0, or for a peer that continues to send after this host closed (causes AbortiveClose, DataAfterOwnClose)."),
        new(TcpExt, "TCPAbortOnTimeout", Abort, "tcp_write_err",
            "The kernel gave up a connection: data, SYN, keepalive or window probes were not acknowledged in time.",
            "The path or the peer is down, or a firewall drops packets; the program gets ETIMEDOUT (causes SilentDrop, ConnectTimeout, KeepAliveTimeout, ZeroWindowStall)."),
        new(TcpExt, "TCPAbortOnMemory", Abort, "__tcp_close, tcp_out_of_resources",
            "A closed connection was reset, because there were too many orphans or too little memory for TCP.",
            "Resources ran out: compare orphan and mem with their limits; raise net.ipv4.tcp_max_orphans or tcp_mem, or close fewer connections at the same time."),
        new(TcpExt, "TCPAbortOnLinger", Abort, "__tcp_close",
            "A program closed a connection in FIN_WAIT_2 whose TCP_LINGER2 is negative; the kernel reset it.",
            "A program on this host sets TCP_LINGER2 below 0 (cause AbortiveClose)."),
        new(TcpExt, "TCPAbortFailed", Abort, "tcp_send_active_reset",
            "A RST could not be sent: there was no memory, or a lower layer refused it.",
            "The peer does not notice that the connection has ended: look for a firewall, a missing route or too little memory on this host."),
        new(Tcp, "OutRsts", Reset, "tcp_send_active_reset, tcp_v4_send_reset, tcp_v6_send_response",
            "This host sent a RST, for any reason.",
            "If it is more than the sum of the aborts: segments arrived for which there is no socket (any more), for example data after a FIN was acknowledged (causes ConnectionRefused, WriteAfterPeerClose, PeerStateLost)."),
        new(Tcp, "EstabResets", Reset, "tcp_set_state",
            "An established connection ended without FINs: by a RST of either side, or because it was given up.",
            "If it is about PassiveOpens plus ActiveOpens: most connections are aborted (causes AbortiveClose, UnreadDataDiscarded, MiddleboxReset)."),
        new(Tcp, "AttemptFails", Reset, "tcp_done, tcp_check_req",
            "A connection failed before it was established: refused, reset or not answered.",
            "A service is down or unreachable, or this host is being scanned (causes ConnectionRefused, ConnectTimeout)."),
        new(TcpExt, "EmbryonicRsts", Reset, "tcp_check_req",
            "A RST or a second SYN ended a connection between its SYN and the last step of its handshake.",
            "Clients give up or only probe the port (cause HealthProbe), or a scan."),
        new(Tcp, "ActiveOpens", Connection, "tcp_connect", "A program on this host called connect.", "Compare the number of failures with it."),
        new(Tcp, "PassiveOpens", Connection, "tcp_create_openreq_child", "A connection to a listener of this host was established.", "Compare the number of overflows with it."),
        new(Tcp, "CurrEstab", Connection, "tcp_set_state",
            "Connections that are established or in CLOSE_WAIT now.",
            "If it only grows, a program does not close: run ss -tanp state close-wait (cause HalfClose)."),
        new(TcpExt, "TW", Connection, "__inet_twsk_schedule", "A connection entered TIME_WAIT or a short FIN_WAIT_2 after this host had closed it first.", "If there are many for few requests, connections are not reused."),
        new(SockStat, "inuse", Connection, "sockstat_seq_show", "TCP sockets in use now, listeners included.", "If it only grows, a program leaks sockets."),
        new(SockStat, "tw", Connection, "sockstat_seq_show",
            "Connections in TIME_WAIT now.",
            "At its limit (net.ipv4.tcp_max_tw_buckets) TCPTimeWaitOverflow grows, and old segments may arrive at new connections (cause StalePortReuse)."),
    ];
}
