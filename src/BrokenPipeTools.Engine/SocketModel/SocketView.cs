using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.SocketModel;

/// <summary>
/// Computes the state of one end's socket from the observations of both directions, which are the events of that end. Captured packets are assumed to
/// have reached the end, unless the end's own packets contradict that: for example, it continues as if no RST had come.
/// </summary>
internal static class SocketView
{
    /// <summary>The fewest repetitions without an answer that prove that the peer no longer answers. One or two may be loss.</summary>
    public const int RepeatsUntilGivenUp = 3;

    /// <summary>
    /// Returns whether both sides sent FIN, both FINs were acknowledged, and there was no RST. Most connections end so. Reads then return 0 and
    /// writes EPIPE, and the observations need not be processed.
    /// </summary>
    public static bool EndedWell(Connection c, int end)
    {
        const SideMarks Closed = SideMarks.Fin | SideMarks.FinAcknowledged;
        SideMarks own = c.Side(end).Marks;
        SideMarks peer = c.Side(1 - end).Marks;
        return (own & peer & Closed) == Closed && ((own | peer) & SideMarks.Rst) == 0
            && c.Side(end).Unanswered < RepeatsUntilGivenUp;
    }

    /// <summary>Returns the state of the socket at an end, at the time when the capture ends.</summary>
    /// <param name="c">The connection.</param>
    /// <param name="end">The end.</param>
    /// <param name="forgedReset">The place in the log of a RST that its source host did not send, if there is one.</param>
    public static SocketState Of(Connection c, int end, LogPlace forgedReset = default)
    {
        ref readonly ObservationLog log = ref c.Log;
        SocketState state = log.Kept == 0 || log.Get(0).Kind is not (ObservationKind.Syn or ObservationKind.SynAck) ? Begun(c, end) : default;
        bool opened = false;
        long undeliveredSince = Delivery.UndeliveredSince(c, end);
        for (int i = 0; i < log.Kept; i++)
        {
            if (log.IsGapBefore(i))
                state = AcrossGap(state, c, end, log.Get(i).At);
            ref readonly Observation o = ref log.Get(i);
            if (!opened && !o.IsIcmp && o.Kind is not (ObservationKind.Syn or ObservationKind.SynAck or ObservationKind.Retransmission))
            {
                // Segments between the handshake and the first notable moment are not in the log.
                state = AfterHandshake(state, c, end);
                opened = true;
            }

            if (o.Sender == end && !(IsForgedVolley(c, end, forgedReset, new LogPlace(i)) && !HadGivenUp(c, end, new LogPlace(i))) && !IsForged(c, end, new LogPlace(i)))
                state = Sent(state, c, end, new LogPlace(i));
            else if (o.Sender == end)
                continue;
            else if (o.Time < undeliveredSince)
                state = Received(state, c, end, new LogPlace(i));
        }

        if (!opened)
            state = AfterHandshake(state, c, end);
        if (state.Phase == SocketPhase.SynSent && !c.Side(end).Has(SideMarks.HasAcknowledged) && CloseClassifier.IsOnlyReset(c, end) && Delivery.RetransmissionsAfterReset(c, end) < Delivery.UndeliveredThreshold)
            state = Step(state, SocketEventKind.ReceivedReset); // the RST was captured before the SYN
        bool isShut = c.Side(1 - end).Has(SideMarks.ZeroWindow);
        state = state with { PeerWindowClosed = isShut, WaitsForWindow = isShut && (UnackedPayload.Of(c, end) > 0 || c.Side(end).Has(SideMarks.KeepAlivePending) || HasProbed(c, end)) };
        if (state.Phase == SocketPhase.SynReceived)
            return state; // the program has no socket yet (struct request_sock)
        state = AfterDataFins(state, c, end);
        return HasGivenUp(state, c, end, undeliveredSince) ? SocketTransition.Next(state, new SocketEvent(SocketEventKind.GaveUp)) : state;
    }

    /// <summary>Returns whether this end did not send a RST with its address: it used the connection after that RST.</summary>
    private static bool IsForged(Connection c, int end, LogPlace at)
    {
        if (c.Log.Get(at).Kind != ObservationKind.Rst)
            return false;
        if (c.Side(end).Has(SideMarks.AliveAfterRst) || CloseClassifier.IsContradicted(c, end))
            return true;
        for (int i = at.Index + 1; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Sender == end && !o.IsIcmp && o.Kind is not (ObservationKind.Rst or ObservationKind.Syn or ObservationKind.Retransmission))
                return true;
        }

        return false;
    }

    /// <summary>Returns whether a RST is the forged one, or one of the forger's other guesses right after it.</summary>
    private static bool IsForgedVolley(Connection c, int end, LogPlace forgedReset, LogPlace at)
    {
        for (int i = forgedReset.Index; i >= 0 && i <= at.Index; i++)
        {
            if (c.Log.Get(i).Kind != ObservationKind.Rst || c.Log.Get(i).Sender != end)
                return false;
        }

        return forgedReset.Exists && !(at < forgedReset);
    }

    /// <summary>Returns whether this end has probed a closed window. It then has payload that it could not send.</summary>
    private static bool HasProbed(Connection c, int end)
    {
        bool isShut = false;
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            isShut |= o.Kind == ObservationKind.ZeroWindow && o.Sender != end;
            if (isShut && o.Kind == ObservationKind.KeepAlive && o.Sender == end)
                return true;
        }

        return false;
    }

    /// <summary>Applies the FINs of MPTCP. Its TCP connections may stay open after them, but the programs see the end of file.</summary>
    private static SocketState AfterDataFins(in SocketState state, Connection c, int end)
    {
        if (!c.IsSubflow || state.Phase is SocketPhase.Closed or SocketPhase.SynSent or SocketPhase.None)
            return state;
        SocketState next = c.DataFinAt(end).Exists && !state.WriteShut ? Step(state, SocketEventKind.SentFin) : state;
        return c.DataFinAt(1 - end).Exists && !next.EndReceived ? Step(next, SocketEventKind.ReceivedFin) : next;
    }

    /// <summary>Returns the first state of a connection that existed before the capture began.</summary>
    private static SocketState Begun(Connection c, int end) =>
        c.Side(end).Packets + c.Side(1 - end).Packets > 0 && !c.Side(0).Has(SideMarks.Syn) && !c.Side(1).Has(SideMarks.Syn)
            ? new SocketState { Phase = SocketPhase.Established }
            : default;

    /// <summary>
    /// Returns the state after the handshake. The handshake is complete if the opener acknowledged, or if this end has sent anything other than SYNs.
    /// </summary>
    private static SocketState AfterHandshake(in SocketState state, Connection c, int end)
    {
        const SideMarks Alive = SideMarks.PureAck | SideMarks.Payload;
        bool peerOpened = c.Side(1 - end).Has(Alive);
        bool selfOpened = c.Side(end).Has(Alive);
        return state.Phase switch
        {
            SocketPhase.SynReceived when peerOpened => state with { Phase = SocketPhase.Established },
            SocketPhase.SynSent when selfOpened || HandshakeAnswer.IsMissing(c, end) => state with { Phase = SocketPhase.Established },
            SocketPhase.None when peerOpened && !c.Side(end).Has(SideMarks.Rst) => state with { Phase = SocketPhase.Established },
            _ => state,
        };
    }

    private static SocketState Sent(in SocketState state, Connection c, int end, LogPlace at)
    {
        ref readonly Observation o = ref c.Log.Get(at);
        return o.Kind switch
        {
            ObservationKind.Syn => Step(state, SocketEventKind.SentSyn),
            ObservationKind.SynAck => Step(state, SocketEventKind.SentSynAck),
            ObservationKind.Fin => Step(state, SocketEventKind.SentFin),
            ObservationKind.KeepAlive => Step(state, SocketEventKind.SentProbe),
            // if keepalive probes, retransmissions or window probes had no answer before, the kernel had given up, and no packet shows that
            ObservationKind.Rst when HadGivenUp(c, end, at) => Step(state with { SoftError = SoftErrorBefore(state, c, end, at) }, SocketEventKind.GaveUp),
            ObservationKind.Rst when state.Phase == SocketPhase.Established && HandshakeAnswer.IsUnwanted(c, at) => default,
            ObservationKind.Rst when ResetShapes.Of(o, c.Side(end)) == ResetShape.Stateless || ResetShapes.AnswersDataAfterFin(c, at) => Step(state, SocketEventKind.SentStatelessReset),

            // RFC 9293, section 3.10.7.1: the RST answers a SYN, so there never was a socket.
            ObservationKind.Rst when state.Phase is SocketPhase.None || (state.Phase == SocketPhase.SynReceived && !c.Side(end).Has(SideMarks.SynAck)) => default,
            ObservationKind.Rst => Step(state, SocketEventKind.SentActiveReset),

            ObservationKind.IcmpError when IsForgotten(state, c.Side(1 - end), o) => state,
            ObservationKind.IcmpError => Step(state, SocketEventKind.ReceivedIcmp, IcmpErrno.Of(o.Icmp, c.Key.IsIPv6)),
            _ => state,
        };
    }

    /// <summary>
    /// Returns the soft error with which the kernel gave up before the RST at a place in the log. The segments right before that RST came after the
    /// kernel had given up, so they did not clear the error.
    /// </summary>
    private static CallResult SoftErrorBefore(in SocketState state, Connection c, int end, LogPlace at)
    {
        int i = at.Index - 1;
        while (i >= 0 && c.Log.Get(i).Sender != end)
            i--;
        return i >= 0 && c.Log.Get(i).Kind == ObservationKind.IcmpError && !IsForgotten(state, c.Side(1 - end), c.Log.Get(i)) ? IcmpErrno.Of(c.Log.Get(i).Icmp, c.Key.IsIPv6) : state.SoftError;
    }

    /// <summary>
    /// Returns whether the peer acknowledged more than the ICMP error quotes. That acknowledgment cleared the soft error (tcp_ack()). A plain
    /// acknowledgment is not in the log, so the highest number is used.
    /// </summary>
    private static bool IsForgotten(in SocketState state, in Side peer, in Observation error) =>
        state.Phase != SocketPhase.SynSent && peer.Has(SideMarks.HasAcknowledged) && peer.Acknowledged.IsAfter(error.Sequence);

    /// <summary>
    /// Returns whether the RST ends a handshake that was never completed. No program then ever has the socket (tcp_check_req(),
    /// net/ipv4/tcp_minisocks.c). A host that has answered with an ACK still has an older connection with these ports.
    /// </summary>
    private static bool DropsRequest(in SocketState state, in Side own) =>
        state.Phase == SocketPhase.SynReceived && (own.Marks & (SideMarks.PureAck | SideMarks.Payload)) == 0;

    /// <summary>
    /// Returns whether a segment before the other side's FIN did not arrive: the capture does not have it, and this end has not acknowledged it.
    /// </summary>
    private static bool Misses(Connection c, int end)
    {
        ref readonly Side own = ref c.Side(end);
        ref readonly Side peer = ref c.Side(1 - end);
        return peer.Sent.HasGaps && !peer.Has(SideMarks.FinAcknowledged) && (!own.Has(SideMarks.HasAcknowledged) || peer.Sent.HasGapAfter(own.Acknowledged));
    }

    /// <summary>
    /// Returns whether this end dropped the other side's FIN: the FIN acknowledged data that had not been sent, and no packet shows that it was
    /// accepted.
    /// </summary>
    private static bool IsFinDropped(in Side peer) => (peer.Marks & (SideMarks.FinAcknowledgesUnsent | SideMarks.FinAcknowledged)) == SideMarks.FinAcknowledgesUnsent;

    /// <summary>
    /// Returns whether a RST for this end follows keepalive probes of its sender that this end did not answer. A host that receives a probe answers it:
    /// the RST arrived only if the path drops nothing but the answers, or works again.
    /// </summary>
    public static bool MayMissReset(Connection c, int end)
    {
        for (int i = 0; c.Side(1 - end).Has(SideMarks.Rst) && i < c.Log.Kept; i++)
        {
            if (c.Log.Get(i).Kind == ObservationKind.Rst && c.Log.Get(i).Sender != end
                && KeepAliveProbes.BeforeReset(c, new LogPlace(i)) is { Count: >= KeepAliveProbes.Fewest, IsLate: false })
                return true;
        }

        return false;
    }

    private static SocketState Received(in SocketState state, Connection c, int end, LogPlace at)
    {
        ref readonly Observation o = ref c.Log.Get(at);
        if (o.Kind == ObservationKind.Rst)
            return !IsTaken(c, end, at) ? state : DropsRequest(state, c.Side(end)) ? default : Step(state, SocketEventKind.ReceivedReset);
        if (o.IsIcmp)
            return state; // the error was sent to the other end
        SocketState next = o.Kind switch
        {
            ObservationKind.Syn => Step(state, SocketEventKind.ReceivedSyn),
            ObservationKind.Retransmission when (o.Flags & TcpFlags.Syn) != 0 => state,
            ObservationKind.SynAck when !HandshakeAnswer.IsAcceptable(c, o) || HandshakeAnswer.IsLost(c, end) => state,
            ObservationKind.SynAck => Step(state, SocketEventKind.ReceivedSynAck),
            ObservationKind.Fin when !Misses(c, end) && !IsFinDropped(c.Side(1 - end)) && !Delivery.IsFinLost(c, end) => Step(state, SocketEventKind.ReceivedFin),
            ObservationKind.ZeroWindow => Step(state, SocketEventKind.Received) with { PeerWindowClosed = true },
            _ => Step(state, SocketEventKind.Received),
        };

        bool acknowledgesFin = c.Side(end).Has(SideMarks.Fin) && (o.Flags & TcpFlags.Ack) != 0
            && next.WriteShut && o.Acknowledgment.IsAtOrAfter(c.Side(end).FinEnd);
        return acknowledgesFin ? Step(next, SocketEventKind.FinAcknowledged) : next;
    }

    /// <summary>
    /// Returns whether a RST was accepted. The RST fits (RFC 5961), its sender did not continue as if it had not sent it, and this end did not
    /// continue as if it had not arrived.
    /// </summary>
    private static bool IsTaken(Connection c, int end, LogPlace at)
    {
        ref readonly Observation o = ref c.Log.Get(at);
        if (!CloseClassifier.ResetTaken(c, 1 - end))
            return false;
        return o.At >= c.Side(1 - end).EffectiveRstAt && Delivery.RetransmissionsAfterReset(c, end) < Delivery.UndeliveredThreshold;
    }

    /// <summary>Returns whether this end's last observation before a place in the log was a probe.</summary>
    private static bool IsLastProbe(Connection c, int end, LogPlace at)
    {
        int i = at.Index - 1;
        while (i >= 0 && c.Log.Get(i).Sender != end)
            i--;
        return i >= 0 && c.Log.Get(i).Kind == ObservationKind.KeepAlive;
    }

    /// <summary>Returns whether this end had given up before it sent the RST at a place in the log.</summary>
    private static bool HadGivenUp(Connection c, int end, LogPlace at) =>
        Delivery.UnackedRetransmissions(c, end, c.Log.Get(at).Time).Count >= RepeatsUntilGivenUp
        || KeepAliveProbes.BeforeReset(c, at).Count >= KeepAliveProbes.Fewest
        || ((c.Log.Get(at).Flags & TcpFlags.Ack) == 0 && IsLastProbe(c, end, at) && HasProbed(c, end));

    /// <summary>Applies the FIN and the RST that are missing in the middle of the log, because the log is bounded.</summary>
    private static SocketState AcrossGap(in SocketState state, Connection c, int end, FrameMark at)
    {
        SocketState next = state;
        ref readonly Side own = ref c.Side(end);
        ref readonly Side peer = ref c.Side(1 - end);
        if (own.FinAt.Exists && own.FinAt < at && !next.WriteShut)
            next = Step(next, SocketEventKind.SentFin);
        if (peer.FinAt.Exists && peer.FinAt < at && !next.EndReceived)
            next = Step(next, SocketEventKind.ReceivedFin);
        if (peer.EffectiveRstAt.Exists && peer.EffectiveRstAt < at && next.Phase != SocketPhase.Closed && CloseClassifier.ResetTaken(c, 1 - end))
            next = Step(next, SocketEventKind.ReceivedReset);
        return next;
    }

    /// <summary>Returns whether the kernel has given up on this end's segments, or will. No packet shows when, because Linux sends none.</summary>
    private static bool HasGivenUp(in SocketState state, Connection c, int end, long undeliveredSince)
    {
        if (state.Phase == SocketPhase.SynSent)
            return c.Side(end).Unanswered >= RepeatsUntilGivenUp - 1; // three SYNs
        if (Delivery.IsOneSided(c))
            return false;
        bool probing = state.PeerWindowClosed || state.UnansweredProbes > 0;
        if (c.Side(end).Has(SideMarks.KeepAlivePending) && c.Side(end).Unanswered >= RepeatsUntilGivenUp)
            return true;
        return Delivery.RetransmissionsAfterReset(c, end) >= RepeatsUntilGivenUp || (!probing && Delivery.IsGivenUp(c, end, undeliveredSince));
    }

    private static SocketState Step(in SocketState state, SocketEventKind kind, CallResult error = CallResult.None) =>
        SocketTransition.Next(state, new SocketEvent(kind, error));
}
