using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Closing;

/// <summary>
/// Infers which captured segments did not reach the socket. A capture is taken in front of the host's own firewall, so a captured segment need not
/// have been delivered. Every segment, also a retransmission, acknowledges all that its sender has received (RFC 9293, section 3.10.7.4). An endpoint
/// that retransmits without acknowledging a much earlier segment did not receive that segment.
/// </summary>
internal static class Delivery
{
    /// <summary>The number of retransmissions without an acknowledgment of an earlier segment from which on that segment counts as not delivered.</summary>
    public const int UndeliveredThreshold = 2;

    /// <summary>Nanoseconds. A segment that is in flight arrives within this time.</summary>
    private const long LongestOneWay = Nanoseconds.PerSecond;

    /// <summary>The fewest retransmissions, each answered by an ICMP error, that prove that the segment did not arrive.</summary>
    private const int FewestReported = 3;

    /// <summary>Nanoseconds: half of Linux's shortest RTO (TCP_RTO_MIN, include/net/tcp.h). Copies of a segment that follow sooner are duplicates.</summary>
    public const long ShortestRetransmission = 100 * Nanoseconds.PerMillisecond;

    /// <summary>
    /// Returns whether an endpoint retransmitted one segment at growing intervals to the end of the capture. Either the segment was never acknowledged,
    /// or the acknowledgments do not reach the endpoint. Always false if the other side was not captured.
    /// </summary>
    public static bool IsGivenUp(Connection c, int end) => IsGivenUp(c, end, UndeliveredSince(c, end));

    /// <inheritdoc cref="IsGivenUp(Connection, int)"/>
    public static bool IsGivenUp(Connection c, int end, long undeliveredSince)
    {
        if (!c.Side(end).Has(SideMarks.Repeated) || IsOneSided(c))
            return false;
        Backoff unacked = UnackedRetransmissions(c, end);
        return unacked.IsBackoff
            || (unacked.Count >= FewestReported && IsReported(c, end))
            || RetransmissionsOfAcked(c, end).IsBackoff
            || (undeliveredSince != long.MaxValue && RetransmissionsAfter(c, end, undeliveredSince).IsBackoff);
    }

    /// <summary>
    /// Returns whether an ICMP error quotes a segment that the other side never acknowledged. Such an error reverts the backoff of the RTO (RFC
    /// 6069), so the intervals do not grow.
    /// </summary>
    private static bool IsReported(Connection c, int end)
    {
        ref readonly Side peer = ref c.Side(1 - end);
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Sender == end && o.Kind == ObservationKind.IcmpError && peer.Has(SideMarks.HasAcknowledged) && o.Sequence == peer.Acknowledged)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Returns whether the other side's FIN did not reach an endpoint. Either the endpoint sends something a second later without acknowledging the
    /// FIN, or the FIN was retransmitted to the end without an acknowledgment.
    /// </summary>
    public static bool IsFinLost(Connection c, int end)
    {
        ref readonly Side peer = ref c.Side(1 - end);
        if (!peer.Has(SideMarks.Fin) || peer.Has(SideMarks.FinAcknowledged) || IsOneSided(c))
            return false;
        long sent = long.MaxValue;
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Sender != end && o.Kind == ObservationKind.Fin && sent == long.MaxValue)
                sent = o.Time;
            else if (o.Sender == end && !o.IsIcmp && o.Kind != ObservationKind.Rst && sent != long.MaxValue && o.Time - sent >= LongestOneWay)
                return true;
        }

        return sent != long.MaxValue && c.Side(end).Packets > 0 && IsGivenUp(c, 1 - end);
    }

    /// <summary>
    /// Returns whether only one side was captured although the other side has sent something. The answers of that other side are then unknown.
    /// </summary>
    public static bool IsOneSided(Connection c) =>
        (c.Side(0).Packets == 0 && c.Side(1).Has(SideMarks.HasAcknowledged)) || (c.Side(1).Packets == 0 && c.Side(0).Has(SideMarks.HasAcknowledged));

    /// <summary>
    /// Returns the retransmissions that an endpoint sent after a given time. Those within half an RTO after that time do not count, because the
    /// endpoint could not react so soon.
    /// </summary>
    public static Backoff RetransmissionsAfter(Connection c, int end, long time)
    {
        ref readonly ObservationLog log = ref c.Log;
        Backoff all = default;
        for (int i = 0; c.Side(end).Has(SideMarks.Repeated) && i < log.Kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            if (o.Sender == end && o.Kind == ObservationKind.Retransmission && o.Time - time > ShortestRetransmission)
                all.Add(o.Time);
        }

        return all;
    }

    /// <summary>
    /// Returns the time of the first payload or FIN that had the next sequence number and did not reach an endpoint, in nanoseconds since the first
    /// segment of the connection. <see cref="long.MaxValue"/> if everything was delivered.
    /// </summary>
    public static long UndeliveredSince(Connection c, int end)
    {
        ref readonly ObservationLog log = ref c.Log;
        int retransmissions = RetransmissionsAfter(c, end, long.MinValue / 2).Count;
        for (int i = 0; retransmissions >= UndeliveredThreshold && i < log.Kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            if (o.Sender != end && IsUndelivered(c, end, o))
                return o.Time;
        }

        return long.MaxValue;
    }

    /// <summary>
    /// Returns the retransmissions of the first segment that the other side never acknowledged. The kernel counts these until it gives up
    /// (tcp_retransmit_timer(), net/ipv4/tcp_timer.c). Other segments of the peer do not stop the count.
    /// </summary>
    /// <param name="c">The connection.</param>
    /// <param name="end">The endpoint that retransmits.</param>
    /// <param name="before">Only retransmissions before this time count, in nanoseconds since the first segment of the connection.</param>
    public static Backoff UnackedRetransmissions(Connection c, int end, long before = long.MaxValue)
    {
        Backoff all = default;
        ref readonly Side own = ref c.Side(end);
        ref readonly Side peer = ref c.Side(1 - end);
        if (!own.Has(SideMarks.Repeated) || !own.Sent.IsKnown || peer.Has(SideMarks.ZeroWindow))
            return all;
        SequenceNumber unacked = peer.Has(SideMarks.HasAcknowledged) ? peer.Acknowledged : own.Sent.First;
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Sender == end && o.Kind == ObservationKind.Retransmission && o.Sequence == unacked && o.Time < before)
                all.Add(o.Time);
        }

        return all;
    }

    /// <summary>
    /// Returns the retransmissions of a segment that the other side had acknowledged, if they continue to the end. The ACKs were lost after they were
    /// captured: on the path, or before the socket.
    /// </summary>
    public static Backoff RetransmissionsOfAcked(Connection c, int end)
    {
        ref readonly Side own = ref c.Side(end);
        Backoff all = default;
        for (int i = 0; own.Retransmissions > 0 && i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            bool isNewest = o.Sender == end && o.RepeatsAcknowledged && o.Sequence.Add(o.Length) == own.Sent.Next && o.Acknowledgment == own.Acknowledged;

            // Copies within microseconds are duplicates that the network or the capture made.
            if (isNewest && (all.Count == 0 || o.Time - all.Last > ShortestRetransmission))
                all.Add(o.Time);
        }

        return all;
    }

    private static bool IsUndelivered(Connection c, int end, in Observation came)
    {
        if (came.Kind is not (ObservationKind.Fin or ObservationKind.Data or ObservationKind.Retransmission) || (came.Flags & TcpFlags.Syn) != 0)
            return false;
        SequenceNumber after = came.Sequence.Add(came.Length + (came.Kind == ObservationKind.Fin || (came.Flags & TcpFlags.Fin) != 0 ? 1u : 0u));
        if (c.Side(end).Has(SideMarks.HasAcknowledged) && c.Side(end).Acknowledged.IsAtOrAfter(after))
            return false; // it, or its retransmission, arrived later
        int retransmissions = 0;
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            bool isLater = o.Sender == end && o.Kind == ObservationKind.Retransmission && o.Time - came.Time > ShortestRetransmission;

            // A receiver refuses payload while its window is closed, and it cannot yet acknowledge payload that comes after a gap.
            if (isLater && o.Window != 0 && (o.Flags & TcpFlags.Ack) != 0
                && o.Acknowledgment.IsAtOrAfter(came.Sequence) && after.IsAfter(o.Acknowledgment))
            {
                retransmissions++;
            }
        }

        return retransmissions >= UndeliveredThreshold;
    }

    /// <summary>
    /// Counts the retransmissions that an endpoint sent after it was sent a RST, without those that were acknowledged. The RSTs that answered these
    /// retransmissions did not reach the endpoint either.
    /// </summary>
    public static int RetransmissionsAfterReset(Connection c, int end)
    {
        ref readonly Side peer = ref c.Side(1 - end);
        ref readonly ObservationLog log = ref c.Log;
        for (int i = 0; peer.EffectiveRstAt.Exists && c.Side(end).Has(SideMarks.Repeated) && i < log.Kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            if (o.Kind != ObservationKind.Rst || o.Sender == end || o.At != peer.EffectiveRstAt)
                continue;
            return IsTriedAgain(c, end, i) ? 0 : CountUnacked(c, end, o.Time);
        }

        return 0;
    }

    private static int CountUnacked(Connection c, int end, long time)
    {
        ref readonly Side peer = ref c.Side(1 - end);
        int count = 0;
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            bool isAcked = peer.Has(SideMarks.AliveAfterRst) && peer.Acknowledged.IsAfter(o.Sequence);
            if (o.Sender == end && o.Kind == ObservationKind.Retransmission && o.Time - time > ShortestRetransmission && !isAcked)
                count++;
        }

        return count;
    }

    /// <summary>
    /// Windows retransmits a refused SYN twice, half a second after each RST. A socket that does not receive the RSTs retransmits at growing
    /// intervals.
    /// </summary>
    private static bool IsTriedAgain(Connection c, int end, int reset)
    {
        const SideMarks Answered = SideMarks.HasAcknowledged | SideMarks.PureAck | SideMarks.Payload;
        if (!c.Side(end).Has(SideMarks.Syn) || c.Side(end).Has(Answered))
            return false;
        long last = 0, interval = 0;
        for (int i = reset; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Sender != end || o.Kind != ObservationKind.Retransmission)
                continue;
            if (c.Log.Get(i - 1).Kind != ObservationKind.Rst || (interval > 0 && o.Time - last > interval + (interval / 2)))
                return false;
            interval = last == 0 ? 0 : o.Time - last;
            last = o.Time;
        }

        return last != 0;
    }
}
