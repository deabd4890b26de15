using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Closing;

/// <summary>Finds the answer to a SYN from later segments.</summary>
internal static class HandshakeAnswer
{
    /// <summary>The fewest repeated SYN-ACKs after which the SYN-ACKs count as lost; after one, its acknowledgment may be lost.</summary>
    private const int FewestLost = 2;

    /// <summary>
    /// A number so close behind the SYN's (bytes) may acknowledge payload that the capture missed; one further away belongs to another
    /// connection.
    /// </summary>
    public const uint Reachable = 1 << 20;

    /// <summary>
    /// Whether a SYN-ACK acknowledges the SYN that the other side was seen to send (RFC 9293, section 3.10.7.3); true if none was seen. Another
    /// one is answered with a RST, and the opener continues to wait.
    /// </summary>
    public static bool IsAcceptable(Connection c, in Observation synAck)
    {
        ref readonly Side opener = ref c.Side(1 - synAck.Sender);
        return !opener.Has(SideMarks.Syn) || !opener.Sent.IsKnown
            || (synAck.Acknowledgment.IsAfter(opener.Sent.First) && opener.Sent.Next.IsAtOrAfter(synAck.Acknowledgment));
    }

    /// <summary>
    /// Whether no SYN-ACK reached the end that sent the SYN: the other side repeats it, and this end has acknowledged nothing (it acknowledges
    /// each, RFC 9293, section 3.10.7.4).
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
    /// Whether a RST answers the SYN-ACK of its sender's own SYN, and that has acknowledged nothing: there is no socket for the connection any more.
    /// </summary>
    public static bool IsUnwanted(Connection c, int reset)
    {
        int end = c.Log.Get(reset).Sender;
        return c.Side(end).IsInSynSent && c.Side(1 - end).Has(SideMarks.SynAck) && c.Related is null && !StillConnects(c, reset);
    }

    /// <summary>Whether the sender of a RST continues its handshake: it waited for the SYN-ACK when it sent that RST.</summary>
    public static bool StillConnects(Connection c, int reset)
    {
        for (int i = reset + 1; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if ((o.IsSyn && o.Sender == c.Log.Get(reset).Sender) || (o.Kind == ObservationKind.SynAck && o.Sender != c.Log.Get(reset).Sender && IsAcceptable(c, o)))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Whether the SYN of an end was answered although the capture has no SYN-ACK: the other side acknowledges this end's data, and does so
    /// only once the handshake is over.
    /// </summary>
    public static bool IsMissing(Connection c, int end)
    {
        const SideMarks Opened = SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin;
        ref readonly Side opener = ref c.Side(end);
        ref readonly Side peer = ref c.Side(1 - end);
        return opener.Has(SideMarks.Syn) && !peer.Has(SideMarks.Syn | SideMarks.SynAck) && peer.Has(Opened) && peer.Has(SideMarks.HasAcknowledged)
            && peer.Acknowledged.CountFrom(opener.Sent.First) - 1 < Reachable && !RefusedAnAnswer(c, end);
    }

    /// <summary>Whether an end answered the other side's SYN with nothing but ACKs of another connection.</summary>
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
                return StillConnects(c, i);
        }

        return false;
    }

    /// <summary>
    /// Whether the RST that refused a SYN was followed by a SYN-ACK without another SYN between them: one host sends either, not both.
    /// </summary>
    public static bool FollowsRefusal(Connection c, int reset)
    {
        for (int i = reset + 1; i < c.Log.Kept; i++)
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
