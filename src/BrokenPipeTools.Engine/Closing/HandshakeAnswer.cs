using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Closing;

/// <summary>Finds the answer to a SYN from later segments.</summary>
internal static class HandshakeAnswer
{
    /// <summary>The fewest repeated SYN-ACKs that prove that the SYN-ACKs were lost; a single one may mean that its acknowledgment was lost.</summary>
    private const int FewestLost = 2;

    /// <summary>
    /// A number at most so many bytes after the SYN's may acknowledge payload that the capture missed; a number further away belongs to another
    /// connection.
    /// </summary>
    public const uint Reachable = 1 << 20;

    /// <summary>
    /// Returns whether a SYN-ACK acknowledges the captured SYN of the other side (RFC 9293, section 3.10.7.3); true if no SYN was captured. Any other
    /// SYN-ACK is answered with a RST, and the opener continues to wait.
    /// </summary>
    public static bool IsAcceptable(Connection c, in Observation synAck)
    {
        ref readonly Side opener = ref c.Side(1 - synAck.Sender);
        return !opener.Has(SideMarks.Syn) || !opener.Sent.IsKnown
            || (synAck.Acknowledgment.IsAfter(opener.Sent.First) && opener.Sent.Next.IsAtOrAfter(synAck.Acknowledgment));
    }

    /// <summary>
    /// Returns whether no SYN-ACK reached the end that sent the SYN: the other side repeats the SYN-ACK, and this end, which would acknowledge each
    /// of them (RFC 9293, section 3.10.7.4), has acknowledged nothing.
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
    /// Returns whether a RST answers the SYN-ACK to its sender's own SYN, and the sender has acknowledged nothing: its socket no longer exists.
    /// </summary>
    public static bool IsUnwanted(Connection c, int reset)
    {
        int end = c.Log.Get(reset).Sender;
        return c.Side(end).IsInSynSent && c.Side(1 - end).Has(SideMarks.SynAck) && c.Related is null && !StillConnects(c, reset);
    }

    /// <summary>Returns whether the sender of a RST continues its handshake: it still waited for the SYN-ACK when it sent that RST.</summary>
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
    /// Returns whether the SYN of an end was answered although the capture has no SYN-ACK: the other side acknowledges this end's data, which it does
    /// only after the handshake.
    /// </summary>
    public static bool IsMissing(Connection c, int end)
    {
        const SideMarks Opened = SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin;
        ref readonly Side opener = ref c.Side(end);
        ref readonly Side peer = ref c.Side(1 - end);
        return opener.Has(SideMarks.Syn) && !peer.Has(SideMarks.Syn | SideMarks.SynAck) && peer.Has(Opened) && peer.Has(SideMarks.HasAcknowledged)
            && peer.Acknowledged.CountFrom(opener.Sent.First) - 1 < Reachable && !RefusedAnAnswer(c, end);
    }

    /// <summary>Returns whether an end answered the other side's SYN only with ACKs of another connection.</summary>
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
    /// Returns whether a RST refused a SYN and a SYN-ACK followed without another SYN between them: one host sends only one of both.
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
