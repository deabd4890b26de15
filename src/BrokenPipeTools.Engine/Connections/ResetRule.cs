using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Whether the other side must accept a RST, judged from the captured segments. RFC 5961, section 3.2:
/// only the exact next sequence number resets; any other number in the window is answered with a challenge ACK.
/// </summary>
internal static class ResetRule
{
    /// <summary><paramref name="x"/> sent the RST; <paramref name="y"/> receives it. Both as they were before it.</summary>
    public static bool IsExact(in Segment s, in Side x, in Side y)
    {
        // RFC 9293, section 3.10.7.3: in SYN-SENT a RST counts only if it acknowledges the SYN; of the payload of a SYN (RFC 7413) it may
        // acknowledge all, a part or nothing.
        if (AnswersSyn(x, y))
            return s.Has(TcpFlags.Ack) && y.Sent.IsKnown && s.Acknowledgment.IsAfter(y.Sent.First) && y.Sent.Next.IsAtOrAfter(s.Acknowledgment);

        // The number that the receiver expects is between its last acknowledgment and the last sent byte: some segments may be in flight.
        // A closed socket sends one less for data that crossed its FIN (it has not received the FIN's acknowledgment).
        SequenceNumber lowest = y.Has(SideMarks.HasAcknowledged) ? y.Acknowledged : s.Sequence;
        if (x.Has(SideMarks.Fin))
            lowest = lowest.Add(-1);
        SequenceNumber highest = x.Sent.IsKnown ? x.Sent.Next : s.Sequence;
        if (lowest.IsAfter(highest))
            highest = lowest; // the capture missed bytes that the receiver acknowledged
        return s.Sequence.IsAtOrAfter(lowest) && highest.IsAtOrAfter(s.Sequence);
    }

    /// <summary>
    /// Whether no host accepts it, whatever the capture missed: in SYN-SENT one that does not acknowledge the SYN (RFC 9293, section
    /// 3.10.7.3), later one whose number the receiver had acknowledged before, which lies outside every window (section 3.10.7.4).
    /// One below that passes after a FIN: it may be the FIN's (tcp_reset_check(), net/ipv4/tcp_input.c). So it does if the receiver
    /// acknowledged bytes that were not captured.
    /// </summary>
    public static bool IsUnfit(in Segment s, in Side x, in Side y) => AnswersSyn(x, y)
        ? y.Sent.IsKnown && !IsExact(s, x, y)
        : y.Has(SideMarks.HasAcknowledged) && y.Acknowledged.Add(MayHaveSentFin(x, y) ? -1 : 0).IsAfter(s.Sequence);

    /// <summary>The marks of a RST; both sides as they were before it.</summary>
    public static ObservationMarks Marks(in Segment s, in Side x, in Side y)
    {
        bool acknowledgesLess = s.Has(TcpFlags.Ack) && x.Has(SideMarks.HasAcknowledged) && x.Acknowledged.IsAfter(s.Acknowledgment);
        return (acknowledgesLess ? ObservationMarks.AcknowledgesLess : 0)
            | (AnswersSyn(x, y) ? ObservationMarks.MeetsSynSent : 0)
            | (IsExact(s, x, y) ? ObservationMarks.Fits : 0);
    }

    private static bool MayHaveSentFin(in Side x, in Side y) =>
        x.Has(SideMarks.Fin) || !x.Sent.IsKnown || y.Acknowledged.IsAfter(x.Sent.Next);

    /// <summary>Nothing but a SYN came of the receiver, and nothing but RSTs of the sender.</summary>
    private static bool AnswersSyn(in Side x, in Side y)
    {
        return y.Has(SideMarks.Syn) && !x.Has(SideMarks.AnyButReset) && (x.Packets <= 1 || !y.Has(SideMarks.HasAcknowledged));
    }
}
