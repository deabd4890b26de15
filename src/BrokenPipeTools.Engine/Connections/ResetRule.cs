using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Decides from the captured segments whether the other side must accept a RST. RFC 5961, section 3.2: only the exact next sequence number resets;
/// any other number in the window is answered with a challenge ACK.
/// </summary>
internal static class ResetRule
{
    /// <summary>The largest step of a host's IP ID counter between two packets of a flow, unless other flows share the counter.</summary>
    public const int CounterStep = 16;

    /// <summary>
    /// Returns whether the receiver must accept a RST. <paramref name="x"/> sent it, <paramref name="y"/> receives it; both are in their state before
    /// it.
    /// </summary>
    public static bool IsExact(in Segment s, in Side x, in Side y)
    {
        // RFC 9293, section 3.10.7.3: in SYN-SENT a RST counts only if it acknowledges the SYN. If the SYN has payload (RFC 7413), the RST may
        // acknowledge all of it, a part or nothing.
        if (AnswersSyn(x, y))
            return s.Has(TcpFlags.Ack) && y.Sent.IsKnown && s.Acknowledgment.IsAfter(y.Sent.First) && y.Sent.Next.IsAtOrAfter(s.Acknowledgment);

        // The receiver expects a number between its last acknowledgment and the last sent byte, because some segments may be in flight. A closed
        // socket sends one less for data that crossed its FIN, because the FIN was not acknowledged yet.
        SequenceNumber lowest = y.Has(SideMarks.HasAcknowledged) ? y.Acknowledged : s.Sequence;
        if (x.Has(SideMarks.Fin))
            lowest = lowest.Add(-1);
        SequenceNumber highest = x.Sent.IsKnown ? x.Sent.Next : s.Sequence;
        if (lowest.IsAfter(highest))
            highest = lowest; // the capture missed bytes that the receiver acknowledged
        return s.Sequence.IsAtOrAfter(lowest) && highest.IsAtOrAfter(s.Sequence);
    }

    /// <summary>
    /// Returns whether no host accepts a RST, whatever the capture missed. In SYN-SENT this is a RST that does not acknowledge the SYN (RFC 9293,
    /// section 3.10.7.3). Later it is a RST whose number the receiver had already acknowledged, so that it lies outside every window (section
    /// 3.10.7.4). If the sender has sent a FIN, or may have sent one that was not captured, a number one below is accepted, because it may be the
    /// number of that FIN (tcp_reset_check(), net/ipv4/tcp_input.c).
    /// </summary>
    public static bool IsUnfit(in Segment s, in Side x, in Side y) => AnswersSyn(x, y)
        ? y.Sent.IsKnown && !IsExact(s, x, y)
        : y.Has(SideMarks.HasAcknowledged) && y.Acknowledged.Add(MayHaveSentFin(x, y) ? -1 : 0).IsAfter(s.Sequence);

    /// <summary>Returns the marks of a RST, from the state of both sides before it.</summary>
    public static ObservationMarks Marks(in Segment s, in Side x, in Side y)
    {
        bool acknowledgesLess = s.Has(TcpFlags.Ack) && x.Has(SideMarks.HasAcknowledged) && x.Acknowledged.IsAfter(s.Acknowledgment);
        return (acknowledgesLess ? ObservationMarks.AcknowledgesLess : 0)
            | (AnswersSyn(x, y) ? ObservationMarks.MeetsSynSent : 0)
            | (IsExact(s, x, y) ? ObservationMarks.Fits : 0)
            | (IsUnasked(s, x, y) ? ObservationMarks.Unasked : 0)
            | (ContinuesHeader(s, x) ? ObservationMarks.ContinuesHeader : 0);
    }

    /// <summary>
    /// Returns whether a RST without ACK answers no captured segment: the sender had acknowledged everything, and had sent a segment after the
    /// receiver's newest one, or the receiver was silent. A host without a socket sends a RST only in answer to a segment (RFC 9293, section
    /// 3.10.7.1). A RST with payload comes from a device: the kernels of hosts send no text.
    /// </summary>
    private static bool IsUnasked(in Segment s, in Side x, in Side y) => !s.Has(TcpFlags.Ack) && s.PayloadLength == 0
        && x.Has(SideMarks.HasAcknowledged) && y.Sent.IsKnown && x.Acknowledged.IsAtOrAfter(y.Sent.Next)
        && (x.LastTime > y.LastTime || s.Time - y.LastTime > CloseWatch.LongestAnswer);

    /// <summary>
    /// Returns whether the IP header of a RST continues that of its sender's segments. An IP ID that is always 0 does, too: some systems send no other
    /// in packets that are not fragmented (RFC 6864, section 4.1).
    /// </summary>
    private static bool ContinuesHeader(in Segment s, in Side x) => !s.IsIPv6 && (s.Lacks & (FrameLacks.TimeToLive | FrameLacks.Identification)) == 0
        && s.TimeToLive == x.TimeToLive
        && (s.IpIdentification == 0 ? x.IpIdentification == 0 : (ushort)(s.IpIdentification - x.IpIdentification) is > 0 and <= CounterStep);

    private static bool MayHaveSentFin(in Side x, in Side y) =>
        x.Has(SideMarks.Fin) || !x.Sent.IsKnown || y.Acknowledged.IsAfter(x.Sent.Next);

    /// <summary>Returns whether the receiver has sent only a SYN, and the sender only RSTs.</summary>
    private static bool AnswersSyn(in Side x, in Side y)
    {
        return y.Has(SideMarks.Syn) && !x.Has(SideMarks.AnyButReset) && (x.Packets <= 1 || !y.Has(SideMarks.HasAcknowledged));
    }
}
