using static BrokenPipeTools.Kernel.CounterSection;
using static BrokenPipeTools.Kernel.TcpCounterGroup;

namespace BrokenPipeTools.Kernel;

/// <summary>Counters of segments that were damaged, rejected or repeated, and of probes.</summary>
internal static class SegmentCounters
{
    public static IReadOnlyList<CounterMeaning> All { get; } =
    [
        new(Tcp, "InErrs", Drop, "tcp_v4_rcv, tcp_v6_rcv, tcp_rcv_established, tcp_validate_incoming",
            "A segment had a wrong checksum or header, or was a SYN inside a connection.",
            "Damage on the path or in a network card; or see TCPSYNChallenge (cause SilentDrop)."),
        new(Tcp, "InCsumErrors", Drop, "tcp_v4_rcv, tcp_v6_rcv, tcp_add_backlog, tcp_rcv_established",
            "A segment had a wrong checksum.",
            "Damage on the path or in a network card (cause SilentDrop)."),
        new(TcpExt, "TCPMD5NotFound", Drop, "tcp_inbound_md5_hash", "A segment without the MD5 signature that its socket expects was dropped.", "Only one side has the key (often BGP) (cause SilentDrop)."),
        new(TcpExt, "TCPMD5Unexpected", Drop, "tcp_inbound_md5_hash", "A segment with an MD5 signature that its socket does not expect was dropped.", "Only one side has the key (often BGP) (cause SilentDrop)."),
        new(TcpExt, "TCPMD5Failure", Drop, "tcp_inbound_md5_hash", "A segment with a wrong MD5 signature was dropped.", "The keys of the two sides differ (often BGP) (cause SilentDrop)."),
        new(TcpExt, "PAWSActive", Rejected, "tcp_rcv_synsent_state_process",
            "The answer to a SYN echoed a timestamp that was not sent, and was rejected.",
            "An answer from an earlier connection, or a device that changes timestamps (cause StalePortReuse)."),
        new(TcpExt, "PAWSEstab", Rejected, "tcp_validate_incoming, tcp_check_req, tcp_timewait_state_process",
            "A segment had an older timestamp than one received before, and was dropped.",
            "Old segments, or several hosts with different clocks behind one address (NAT) (causes StalePortReuse, SilentDrop)."),
        new(TcpExt, "PAWSTimewait", Rejected, "tcp_timewait_state_process",
            "A segment for a connection in TIME_WAIT had an older timestamp, and was dropped.",
            "Several hosts behind one address (NAT) reuse a port (cause StalePortReuse)."),
        new(TcpExt, "TSEcrRejected", Rejected, "tcp_check_req",
            "The last ACK of a handshake echoed a timestamp that was not sent, and was dropped.",
            "A device that changes timestamps, or a forged segment."),
        new(TcpExt, "TCPACKSkippedPAWS", Rejected, "tcp_validate_incoming",
            "A segment had an older timestamp; no ACK was sent for it, because one had just been sent (rate limit).",
            "As PAWSEstab, in large numbers."),
        new(TcpExt, "TCPChallengeACK", Rejected, "tcp_send_challenge_ack",
            "A RST or SYN whose sequence number did not match exactly was answered with a challenge ACK and had no effect (RFC 5961).",
            "Forged or late resets, or a peer that has lost the connection (causes MiddleboxReset, PeerStateLost, StalePortReuse)."),
        new(TcpExt, "TCPACKSkippedChallenge", Rejected, "tcp_send_challenge_ack",
            "A challenge ACK was not sent, because one had just been sent (rate limit).",
            "As TCPChallengeACK, in large numbers."),
        new(TcpExt, "TCPSYNChallenge", Rejected, "tcp_validate_incoming",
            "A SYN arrived on an established connection and was answered with a challenge ACK.",
            "The peer has lost the connection and reuses its port (causes StalePortReuse, PeerStateLost)."),
        new(TcpExt, "OutOfWindowIcmps", Rejected, "tcp_v4_err, tcp_v6_err, tcp_req_err",
            "An ICMP error quoted a segment that is not in flight, and was ignored.",
            "Forged or late ICMP errors."),
        new(Tcp, "RetransSegs", Retransmission, "__tcp_retransmit_skb, tcp_rtx_synack", "A segment was retransmitted.", "Segments are lost on the path or not acknowledged (cause SilentDrop if none arrives)."),
        new(TcpExt, "TCPTimeouts", Retransmission, "tcp_retransmit_timer, tcp_syn_ack_timeout",
            "The retransmission timer expired: nothing was acknowledged in time.",
            "The path loses all packets; TCPAbortOnTimeout follows (causes SilentDrop, ConnectTimeout)."),
        new(TcpExt, "TCPSynRetrans", Retransmission, "__tcp_retransmit_skb, tcp_rtx_synack", "A SYN or SYN-ACK was retransmitted.", "Connects are not answered (causes ConnectTimeout, AcceptQueueOverflow)."),
        new(TcpExt, "TCPLostRetransmit", Retransmission, "tcp_mark_skb_lost", "A retransmitted segment was lost again.", "Heavy loss, or a device that drops packets (cause SilentDrop)."),
        new(TcpExt, "TCPSpuriousRTOs", Retransmission, "tcp_try_undo_loss", "The retransmission timer expired too early: the acknowledgment arrived later.", "The delay varies much; no data were lost."),
        new(TcpExt, "TCPRetransFail", Retransmission, "__tcp_retransmit_skb",
            "A segment could not be retransmitted: a lower layer refused it.",
            "A firewall, a missing route or address on this host, or too little memory (causes SilentDrop, NetworkUnreachable)."),
        new(TcpExt, "TCPKeepAlive", Probe, "tcp_keepalive_timer", "A keepalive probe was sent.", "Idle connections are probed; if TCPAbortOnTimeout grows too, they were dead (cause KeepAliveTimeout)."),
        new(TcpExt, "TCPWinProbe", Probe, "tcp_send_probe0, tcp_send_window_probe", "A zero window of the peer was probed.", "A peer reads too slowly (cause ZeroWindowStall)."),
    ];
}
