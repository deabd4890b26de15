using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Closing;

/// <summary>Finds out from later segments whether a SYN was answered.</summary>
internal static class HandshakeAnswer
{
    /// <summary>
    /// The fewest repeated SYN-ACKs that prove that the SYN-ACKs were lost. One repetition may mean that only the client's acknowledgment was lost.
    /// </summary>
    private const int FewestLost = 2;

    /// <summary>
    /// Bytes. An acknowledgment number at most so far after the SYN's number may acknowledge payload that was not captured. A number further away
    /// belongs to another connection.
    /// </summary>
    public const uint Reachable = 1 << 20;

    /// <summary>
    /// Returns whether a SYN-ACK acknowledges the captured SYN of the other side (RFC 9293, section 3.10.7.3); true if no SYN was captured. The
    /// opener answers any other SYN-ACK with a RST, and continues to wait.
    /// </summary>
    public static bool IsAcceptable(Connection c, in Observation synAck)
    {
        ref readonly Side opener = ref c.Side(1 - synAck.Sender);
        return !opener.Has(SideMarks.Syn) || !opener.Sent.IsKnown
            || (synAck.Acknowledgment.IsAfter(opener.Sent.First) && opener.Sent.Next.IsAtOrAfter(synAck.Acknowledgment));
    }

    /// <summary>
    /// Returns whether no SYN-ACK reached the end that sent the SYN. The other side repeats its SYN-ACK. This end would acknowledge every SYN-ACK
    /// that it receives (RFC 9293, section 3.10.7.4), and has acknowledged nothing.
    /// </summary>
    public static bool IsLost(Connection c, int end)
    {
        if (!c.Side(end).IsInSynSent || c.Side(end).Has(SideMarks.Rst) || !c.Side(1 - end).Has(SideMarks.SynAck))
            return false;
        int repeats = 0;
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            repeats += o.Sender != end && o.Kind == ObservationKind.Retransmission && (o.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == (TcpFlags.Syn | TcpFlags.Ack) ? o.Count : 0;
        }

        return repeats >= FewestLost;
    }

    /// <summary>
    /// Returns whether a RST answers the SYN-ACK to its sender's own SYN, and that sender has acknowledged nothing. Its socket then no longer exists.
    /// </summary>
    public static bool IsUnwanted(Connection c, LogPlace reset)
    {
        int end = c.Log.Get(reset).Sender;
        return c.Side(end).IsInSynSent && c.Side(1 - end).Has(SideMarks.SynAck) && c.Related is null && !StillConnects(c, reset);
    }

    /// <summary>
    /// Returns whether the sender of a RST continues its handshake after the RST. It then still waited for the SYN-ACK when it sent the RST.
    /// </summary>
    public static bool StillConnects(Connection c, LogPlace reset)
    {
        for (int i = reset.Index + 1; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if ((o.IsSyn && o.Sender == c.Log.Get(reset).Sender) || (o.Kind == ObservationKind.SynAck && o.Sender != c.Log.Get(reset).Sender && IsAcceptable(c, o)))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Returns whether the SYN of an end was answered although the capture has no SYN-ACK. The sign: the other side acknowledges data of this end,
    /// which it can do only after the handshake.
    /// </summary>
    public static bool IsMissing(Connection c, int end)
    {
        const SideMarks Opened = SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin;
        ref readonly Side opener = ref c.Side(end);
        ref readonly Side peer = ref c.Side(1 - end);
        return opener.Has(SideMarks.Syn) && !peer.Has(SideMarks.Syn | SideMarks.SynAck) && peer.Has(Opened) && peer.Has(SideMarks.HasAcknowledged)
            && peer.Acknowledged.CountFrom(opener.Sent.First) - 1 < Reachable && !RefusedAnAnswer(c, end);
    }

    /// <summary>Returns whether the other side's SYN was answered only with ACKs that belong to another connection.</summary>
    public static bool IsOfAnother(Connection c, int end)
    {
        const SideMarks Others = SideMarks.Syn | SideMarks.SynAck | SideMarks.Payload | SideMarks.Fin | SideMarks.Rst;
        ref readonly Side x = ref c.Side(end);
        ref readonly Side opener = ref c.Side(1 - end);
        return x.Has(SideMarks.PureAck) && x.Has(SideMarks.HasAcknowledged) && !x.Has(Others) && opener.Sent.IsKnown
            && (opener.Has(SideMarks.RstLost) || (!opener.Has(SideMarks.Rst) && x.Acknowledged.CountFrom(opener.Sent.First) - 1 >= Reachable));
    }

    private static bool RefusedAnAnswer(Connection c, int end)
    {
        for (int i = 0; c.Side(end).Has(SideMarks.Rst) && i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Kind == ObservationKind.Rst && o.Sender == end)
                return StillConnects(c, new LogPlace(i));
        }

        return false;
    }

    /// <summary>
    /// Returns whether a RST refused a SYN, and a SYN-ACK followed although no other SYN came between. A single host sends only one of the two.
    /// </summary>
    public static bool FollowsRefusal(Connection c, LogPlace reset)
    {
        for (int i = reset.Index + 1; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.IsSyn)
                return false;
            if (o.Kind == ObservationKind.SynAck && o.Sender == c.Log.Get(reset).Sender)
                return IsAcceptable(c, o);
        }

        return false;
    }
}
