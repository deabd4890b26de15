namespace BrokenPipeTools.SocketModel;

/// <summary>
/// Models Linux's TCP socket, as far as the results of its calls depend on it: a pure function from a state and an event to the next state. The rules
/// come from net/ipv4/tcp_input.c, tcp_timer.c, tcp.c and tcp_ipv4.c, and were checked in the lab.
/// </summary>
internal static class SocketTransition
{
    public static SocketState Next(in SocketState s, SocketEvent e) => e.Kind switch
    {
        SocketEventKind.SentSyn => s with { Phase = SocketPhase.SynSent },
        SocketEventKind.ReceivedSyn when s.Phase == SocketPhase.None => s with { Phase = SocketPhase.SynReceived },
        SocketEventKind.SentSynAck when s.Phase == SocketPhase.None => s with { Phase = SocketPhase.SynReceived },
        SocketEventKind.ReceivedSynAck => Answered(s) with { Phase = s.Phase is SocketPhase.None or SocketPhase.SynSent ? SocketPhase.Established : s.Phase },
        SocketEventKind.Received => Answered(Opened(s)),

        // RFC 9293, section 3.10.4: close and shutdown(SHUT_WR) look the same in packets; a program that still makes calls used shutdown.
        SocketEventKind.SentFin => Opened(s) with { WriteShut = true, Phase = AfterOwnFin(Opened(s).Phase) },
        SocketEventKind.FinAcknowledged => s with { Phase = AfterFinAcknowledged(s.Phase) },

        // tcp_fin(): RCV_SHUTDOWN and SOCK_DONE.
        SocketEventKind.ReceivedFin => Answered(Opened(s)) with { EndReceived = true, Phase = AfterPeersFin(Opened(s).Phase) },
        SocketEventKind.ReceivedReset => AfterReset(s),
        SocketEventKind.SentActiveReset => AfterOwnReset(s),
        SocketEventKind.SentStatelessReset => AfterOwnStatelessReset(s),
        SocketEventKind.SentProbe => s with { UnansweredProbes = s.UnansweredProbes + 1 },
        SocketEventKind.ReceivedIcmp => AfterIcmp(s, e.Error),

        // tcp_write_err(): sk_err = sk_err_soft ? : ETIMEDOUT. No packet is sent.
        SocketEventKind.GaveUp when s.Phase == SocketPhase.SynSent => s.NotConnected(s.SoftError.Or(CallResult.TimedOut)),
        SocketEventKind.GaveUp when s.Phase != SocketPhase.Closed => s.Dead(s.SoftError.Or(CallResult.TimedOut)),
        _ => s,
    };

    /// <summary>
    /// Returns the state after a segment that proves that the handshake is complete. If the handshake was not captured, nothing else shows this.
    /// </summary>
    private static SocketState Opened(in SocketState s) => s.Phase switch
    {
        SocketPhase.None or SocketPhase.SynReceived => s with { Phase = SocketPhase.Established },
        _ => s,
    };

    /// <summary>Returns the state after a segment of the peer. tcp_ack() clears the soft error.</summary>
    private static SocketState Answered(in SocketState s) => s with { SoftError = CallResult.None, UnansweredProbes = 0 };

    private static SocketPhase AfterOwnFin(SocketPhase phase) => phase switch
    {
        SocketPhase.CloseWait => SocketPhase.LastAck,
        SocketPhase.Established or SocketPhase.SynReceived => SocketPhase.FinWait1,
        _ => phase,
    };

    private static SocketPhase AfterFinAcknowledged(SocketPhase phase) => phase switch
    {
        SocketPhase.FinWait1 => SocketPhase.FinWait2,
        SocketPhase.Closing => SocketPhase.TimeWait,
        SocketPhase.LastAck => SocketPhase.Closed,
        _ => phase,
    };

    private static SocketPhase AfterPeersFin(SocketPhase phase) => phase switch
    {
        SocketPhase.Established => SocketPhase.CloseWait,
        SocketPhase.FinWait1 => SocketPhase.Closing,
        SocketPhase.FinWait2 => SocketPhase.TimeWait,
        _ => phase,
    };

    /// <summary>Returns the state after a RST. The pending error depends on the state of the connection (tcp_reset()).</summary>
    private static SocketState AfterReset(in SocketState s) => s.Phase switch
    {
        SocketPhase.SynSent => s.NotConnected(CallResult.Refused),
        SocketPhase.CloseWait => s.Dead(CallResult.BrokenPipe),

        // After both FINs were acknowledged, a RST has no connection left to end, and sets no error.
        SocketPhase.TimeWait or SocketPhase.Closed => s,
        _ => s.Dead(CallResult.Reset),
    };

    /// <summary>
    /// Returns the state after this end's live socket sent a RST. Its program has then closed it, and makes no more calls. If the program can still
    /// make calls, the socket was destroyed from outside (tcp_abort(): ECONNABORTED).
    /// </summary>
    private static SocketState AfterOwnReset(in SocketState s) => s.Phase is SocketPhase.Closed or SocketPhase.TimeWait
        ? s
        : s.Dead(CallResult.Aborted);

    /// <summary>
    /// Returns the state after this end's host sent a bare RST. A host sends it if the socket no longer exists. In two cases the socket still exists. If the
    /// socket had sent FIN and data arrived after that, a program that still makes calls had shut down both directions: tcp_rcv_state_process()
    /// resets and sets ECONNRESET. A live socket also answers a segment after the peer's FIN with a RST: tcp_reset() sets EPIPE in CLOSE_WAIT.
    /// Otherwise another device forged the RST, and this end's socket is not affected.
    /// </summary>
    private static SocketState AfterOwnStatelessReset(in SocketState s) => s.Phase switch
    {
        SocketPhase.FinWait1 or SocketPhase.FinWait2 => s.Dead(CallResult.Reset),
        SocketPhase.Closed or SocketPhase.TimeWait or SocketPhase.SynSent => s,
        SocketPhase.CloseWait => s.Dead(CallResult.BrokenPipe),
        _ => s,
    };

    /// <summary>
    /// Returns the state after an ICMP error. The error is fatal for a connection that is not established yet, and a soft error for an established
    /// one (tcp_v4_err(), tcp_v6_err()).
    /// </summary>
    private static SocketState AfterIcmp(in SocketState s, CallResult error) => error == CallResult.None ? s : s.Phase switch
    {
        SocketPhase.SynSent => s.NotConnected(error),
        SocketPhase.Closed => s,
        _ => s with { SoftError = error },
    };
}
