using static BrokenPipeTools.Kernel.CounterSection;
using static BrokenPipeTools.Kernel.TcpCounterGroup;

namespace BrokenPipeTools.Kernel;

/// <summary>Counters of segments that were damaged, rejected, repeated or only probes.</summary>
internal static class SegmentCounters
{
    public static IReadOnlyList<CounterMeaning> All { get; } =
    [
        new(Tcp, "InErrs", Drop, "tcp_v4_rcv, tcp_v6_rcv, tcp_rcv_established, tcp_validate_incoming",
            "A segment had a wrong checksum or header, or was a SYN inside a connection.",
            "Damage on the way or in a network card; or see TCPSYNChallenge (cause SilentDrop)."),
        new(Tcp, "InCsumErrors", Drop, "tcp_v4_rcv, tcp_v6_rcv, tcp_add_backlog, tcp_rcv_established",
            "A segment had a wrong checksum.",
            "Damage on the way or in a network card (cause SilentDrop)."),
        new(TcpExt, "TCPMD5NotFound", Drop, "tcp_inbound_md5_hash", "A segment without the MD5 signature that its socket expects was dropped.", "Only one side has the key, as of BGP (cause SilentDrop)."),
        new(TcpExt, "TCPMD5Unexpected", Drop, "tcp_inbound_md5_hash", "A segment with an MD5 signature that its socket does not expect was dropped.", "Only one side has the key, as of BGP (cause SilentDrop)."),
        new(TcpExt, "TCPMD5Failure", Drop, "tcp_inbound_md5_hash", "A segment with a wrong MD5 signature was dropped.", "The keys of the two sides differ, as of BGP (cause SilentDrop)."),
        new(TcpExt, "PAWSActive", Rejected, "tcp_rcv_synsent_state_process",
            "The answer to a SYN echoed a timestamp that was not sent, and was rejected.",
            "An answer of an earlier connection, or a device that changes timestamps (cause StalePortReuse)."),
        new(TcpExt, "PAWSEstab", Rejected, "tcp_validate_incoming, tcp_check_req, tcp_timewait_state_process",
            "A segment was older by its timestamp than one received before, and was dropped.",
            "Old segments, or several hosts behind one address (NAT) with clocks of their own (causes StalePortReuse, SilentDrop)."),
        new(TcpExt, "PAWSTimewait", Rejected, "tcp_timewait_state_process",
            "A segment for a connection in TIME_WAIT was older by its timestamp, and was dropped.",
            "Several hosts behind one address (NAT) that use a port again (cause StalePortReuse)."),
        new(TcpExt, "TSEcrRejected", Rejected, "tcp_check_req",
            "The last step of a handshake echoed a timestamp that was not sent, and was dropped.",
            "A device that changes timestamps, or a forged segment."),
        new(TcpExt, "TCPACKSkippedPAWS", Rejected, "tcp_validate_incoming",
            "A segment was older by its timestamp, and was not even acknowledged, because one before it just was.",
            "As PAWSEstab, in great number."),
        new(TcpExt, "TCPChallengeACK", Rejected, "tcp_send_challenge_ack",
            "A RST or SYN whose number did not fit exactly was answered with an ACK, and ended nothing (RFC 5961).",
            "Forged or late resets, or a peer that has lost the connection (causes MiddleboxReset, PeerStateLost, StalePortReuse)."),
        new(TcpExt, "TCPACKSkippedChallenge", Rejected, "tcp_send_challenge_ack",
            "A challenge ACK was not sent, because one was sent just before.",
            "As TCPChallengeACK, in great number."),
        new(TcpExt, "TCPSYNChallenge", Rejected, "tcp_validate_incoming",
            "A SYN came inside an established connection and was answered with an ACK.",
            "The peer has lost the connection, and uses its port again (causes StalePortReuse, PeerStateLost)."),
        new(TcpExt, "OutOfWindowIcmps", Rejected, "tcp_v4_err, tcp_v6_err, tcp_req_err",
            "An ICMP error quoted a segment that is not under way, and was ignored.",
            "Forged or late ICMP errors."),
        new(Tcp, "RetransSegs", Retransmission, "__tcp_retransmit_skb, tcp_rtx_synack", "A segment was sent again.", "Segments are lost on the way, or not acknowledged (cause SilentDrop if nothing comes through)."),
        new(TcpExt, "TCPTimeouts", Retransmission, "tcp_retransmit_timer, tcp_syn_ack_timeout",
            "The retransmission timer expired: nothing was acknowledged in time.",
            "A path that loses all, before TCPAbortOnTimeout (causes SilentDrop, ConnectTimeout)."),
        new(TcpExt, "TCPSynRetrans", Retransmission, "__tcp_retransmit_skb, tcp_rtx_synack", "A SYN or SYN-ACK was sent again.", "Connects that are not answered (causes ConnectTimeout, AcceptQueueOverflow)."),
        new(TcpExt, "TCPLostRetransmit", Retransmission, "tcp_mark_skb_lost", "A segment that had been sent again was lost again.", "Heavy loss, or a device that drops (cause SilentDrop)."),
        new(TcpExt, "TCPSpuriousRTOs", Retransmission, "tcp_try_undo_loss", "The retransmission timer expired too soon: the acknowledgment came after all.", "Delay that varies much; nothing was lost."),
        new(TcpExt, "TCPRetransFail", Retransmission, "__tcp_retransmit_skb",
            "A segment could not be sent again: the layers below refused it.",
            "A firewall, a missing route or address on this host, or too little memory (causes SilentDrop, NetworkUnreachable)."),
        new(TcpExt, "TCPKeepAlive", Probe, "tcp_keepalive_timer", "A keepalive probe was sent.", "Idle connections are watched; with TCPAbortOnTimeout they were dead (cause KeepAliveTimeout)."),
        new(TcpExt, "TCPWinProbe", Probe, "tcp_send_probe0, tcp_send_window_probe", "A closed window of the peer was probed.", "A peer reads too slowly (cause ZeroWindowStall)."),
    ];
}
