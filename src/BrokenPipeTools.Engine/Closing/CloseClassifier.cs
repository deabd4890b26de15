using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Closing;

/// <summary>Classifies how a connection closed, from the summary of its segments. Pure functions.</summary>
internal static class CloseClassifier
{
    /// <summary>The fewest unanswered probes or retransmissions that prove a time-out. Fewer may be loss at the end of the capture.</summary>
    private const int FewestProbes = 3;

    public static CloseState Classify(Connection c)
    {
        ref readonly Side a = ref c.Side(0);
        ref readonly Side b = ref c.Side(1);
        bool bothFins = a.Has(SideMarks.Fin) && b.Has(SideMarks.Fin);
        bool anyFin = a.Has(SideMarks.Fin) || b.Has(SideMarks.Fin);
        bool reset = ResetTaken(c, 0) || ResetTaken(c, 1);
        return (bothFins, reset, anyFin) switch
        {
            _ when c.IsEvicted => CloseState.Evicted,

            // RFC 9293, section 3.6: after both FINs, if everything is acknowledged, a RST has no connection left to abort.
            (true, _, _) when !ResetCameFirst(c) && IsDelivered(c) => CloseState.Graceful,
            (_, true, _) when IsRefusal(c) => CloseState.Refused,
            (_, true, _) => CloseState.Reset,
            _ when IsUnanswered(c) => CloseState.Unanswered,
            _ when HasTimedOut(c, 0) || HasTimedOut(c, 1) => CloseState.TimedOut,
            (_, _, true) => CloseState.HalfClosed,
            _ => CloseState.Open,
        };
    }

    public static ClosedBy WhoClosed(Connection c, CloseState state, int client)
    {
        switch (state)
        {
            case CloseState.Unanswered:
                return HasIcmpError(c) ? ClosedBy.Network : ClosedBy.None;
            case CloseState.Open or CloseState.TimedOut or CloseState.Evicted when !c.Close.HasBegun:
                return ClosedBy.None;
        }

        if (c.Side(0).Has(SideMarks.FinCrossed) || c.Side(1).Has(SideMarks.FinCrossed))
            return CapturedLate(c) switch { < 0 => ClosedBy.Both, var end when end == client => ClosedBy.Client, _ => ClosedBy.Server };
        FrameMark first0 = FirstClosing(c, 0);
        FrameMark first1 = FirstClosing(c, 1);
        if (first0 == first1)
            return ClosedBy.None;
        return (FrameMark.Earlier(first0, first1) == first0 ? 0 : 1) == client ? ClosedBy.Client : ClosedBy.Server;
    }

    /// <summary>
    /// Returns the end whose FIN the other side's FIN acknowledges although it was captured after that one: the capture has them out of order.
    /// -1 for none.
    /// </summary>
    public static int CapturedLate(Connection c)
    {
        int late = c.Side(0).FinAt > c.Side(1).FinAt ? 0 : 1;
        if (!c.Side(late).Has(SideMarks.FinCrossed))
            return -1;
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Kind == ObservationKind.Fin && o.Sender != late)
                return o.At == c.Side(1 - late).FinAt && (o.Flags & TcpFlags.Ack) != 0 && o.Acknowledgment == c.Side(late).FinEnd ? late : -1;
        }

        return -1;
    }

    /// <summary>
    /// Returns whether the other side accepted the RST of this end. Either the RST has the expected sequence number, or no packet contradicts that it
    /// was accepted; and neither end continued as if the RST had not been sent.
    /// </summary>
    public static bool ResetAccepted(Connection c, int end)
    {
        ref readonly Side x = ref c.Side(end);
        ref readonly Side y = ref c.Side(1 - end);
        if (!x.Has(SideMarks.Rst) || x.Has(SideMarks.AliveAfterRst | SideMarks.RstUnfit))
            return false;
        return !IsContradicted(c, end) && (x.Has(SideMarks.RstExact) || !y.Has(SideMarks.SentAfterPeerRst));
    }

    /// <summary>
    /// Returns whether the packets contradict the RST of this end: the RST did not arrive, or it answered a SYN and the receiver continues as if a
    /// SYN-ACK had arrived that was not captured.
    /// </summary>
    public static bool IsContradicted(Connection c, int end)
    {
        ref readonly Side y = ref c.Side(1 - end);
        return c.Side(end).Has(SideMarks.RstLost)
            || (y.Has(SideMarks.Syn) && y.Has(SideMarks.HasAcknowledged) && y.Has(SideMarks.SentAfterPeerRst) && !c.Side(end).Has(SideMarks.AnyButReset));
    }

    /// <summary>
    /// Returns whether the other side accepted the RST with the address of this end, even if that RST is forged. A RST is forged if the host with its
    /// source address continues as if it had not sent it. It was still accepted if the other side sent nothing after it except bare RSTs.
    /// </summary>
    public static bool ResetTaken(Connection c, int end)
    {
        if (ResetAccepted(c, end))
            return true;
        ref readonly Side x = ref c.Side(end);
        ref readonly Side y = ref c.Side(1 - end);
        return x.Has(SideMarks.RstExact) && !IsContradicted(c, end) && !y.Has(SideMarks.SentAfterPeerRst | SideMarks.RstAck) && (!y.Has(SideMarks.Rst) || y.EffectiveRstAt > x.EffectiveRstAt);
    }

    /// <summary>Returns whether all payload and the first FIN were acknowledged.</summary>
    private static bool IsDelivered(Connection c) =>
        (c.Side(0).Has(SideMarks.FinAcknowledged) || c.Side(1).Has(SideMarks.FinAcknowledged)) && UnackedPayload.IsNone(c)
        && !HasTimedOut(c, 0) && !HasTimedOut(c, 1);

    /// <summary>Returns whether the kernel of this end has given up on its retransmissions or probes, or will give up (RFC 9293, section 3.8.3).</summary>
    private static bool HasTimedOut(Connection c, int end)
    {
        ref readonly Side x = ref c.Side(end);
        bool isProbing = x.Has(SideMarks.KeepAlivePending) && x.Unanswered >= FewestProbes && !Delivery.IsOneSided(c);
        return isProbing || Delivery.IsGivenUp(c, end) || Delivery.RetransmissionsAfterReset(c, end) >= FewestProbes;
    }

    /// <summary>Returns whether an accepted RST came before one of the FINs. That FIN then did not close anything.</summary>
    private static bool ResetCameFirst(Connection c)
    {
        FrameMark reset = FrameMark.Earlier(AcceptedReset(c, 0), AcceptedReset(c, 1));
        return reset.Exists && (reset < c.Side(0).FinAt || reset < c.Side(1).FinAt);
    }

    private static FrameMark AcceptedReset(Connection c, int end) => ResetTaken(c, end) ? c.Side(end).EffectiveRstAt : FrameMark.None;

    /// <summary>Returns the frame of the first FIN or accepted RST of this end. If no RST was accepted, any RST counts.</summary>
    private static FrameMark FirstClosing(Connection c, int end) => FrameMark.Earlier(c.Side(end).FinAt, AcceptedReset(c, end));

    /// <summary>Returns whether an end received nothing but a RST, and accepted that RST.</summary>
    public static bool IsOnlyReset(Connection c, int end) => ResetTaken(c, 1 - end) && !c.Side(1 - end).Has(SideMarks.AnyButReset);

    /// <summary>
    /// Returns whether the end sent a SYN and received only a RST. If it has acknowledged something, the SYN had been accepted, and the SYN-ACK was not
    /// captured.
    /// </summary>
    private static bool IsRefusal(Connection c)
    {
        for (int end = 0; end < 2; end++)
        {
            ref readonly Side x = ref c.Side(end);
            ref readonly Side y = ref c.Side(1 - end);
            if (x.Has(SideMarks.Syn) && !x.Has(SideMarks.HasAcknowledged) && IsOnlyReset(c, end))
                return true;
            if (x.Has(SideMarks.Syn) && y.Has(SideMarks.SynAck) && y.Has(SideMarks.AliveAfterRst) && ResetTaken(c, 1 - end) && IsBeforeAnswer(c, 1 - end))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Returns whether the effective RST of this end came before the SYN-ACK of this end. Such a RST is forged, but its receiver accepted it as a
    /// refusal.
    /// </summary>
    private static bool IsBeforeAnswer(Connection c, int end)
    {
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Sender == end && o.Kind is ObservationKind.SynAck or ObservationKind.Rst)
                return o.Kind == ObservationKind.Rst && o.At == c.Side(end).EffectiveRstAt;
        }

        return false;
    }

    private static bool IsUnanswered(Connection c)
    {
        ref readonly Side a = ref c.Side(0);
        ref readonly Side b = ref c.Side(1);
        return (OnlySentSyn(a) && (IsSilent(b) || HandshakeAnswer.IsOfAnother(c, 1))) || (OnlySentSyn(b) && (IsSilent(a) || HandshakeAnswer.IsOfAnother(c, 0)));
    }

    /// <summary>
    /// Returns whether a side sent nothing, or only RSTs. The other side did not accept these RSTs; otherwise the connection would count as refused.
    /// </summary>
    private static bool IsSilent(in Side x) =>
        x.Packets == 0 || (x.Has(SideMarks.Rst) && !x.Has(SideMarks.AnyButReset));

    /// <summary>Returns whether a side sent only SYNs, and nothing that acknowledges an answer to them.</summary>
    private static bool OnlySentSyn(in Side x) =>
        x.Has(SideMarks.Syn) && !x.Has(SideMarks.HasAcknowledged | SideMarks.PureAck | SideMarks.Fin | SideMarks.SynAck);

    private static bool HasIcmpError(Connection c)
    {
        for (int i = 0; i < c.Log.Kept; i++)
        {
            if (c.Log.Get(i).Kind == ObservationKind.IcmpError)
                return true;
        }

        return false;
    }
}
