using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis;

/// <summary>
/// What of a capture an end's own packets contradict. A capture is taken before the host's own firewall: what is in it need not
/// have reached the socket. Every segment acknowledges all that was received before it (RFC 9293, section 3.10.7.4), a repeated one
/// too; an end that repeats itself without acknowledging what came long before did not get it.
/// </summary>
internal static class Hearing
{
    /// <summary>An end that repeats itself twice without taking notice did not get what came.</summary>
    public const int RepeatsOfTheDeaf = 2;

    /// <summary>Half of Linux's shortest retransmission time-out (TCP_RTO_MIN, include/net/tcp.h), in nanoseconds.</summary>
    public const long ShortestRepeat = 100_000_000;

    /// <summary>How often an end repeated itself after a time; what was under way just then does not count.</summary>
    public static int RepeatsAfter(Connection c, int end, long time)
    {
        ref readonly ObservationLog log = ref c.Log;
        int repeats = 0;
        for (int i = 0; i < log.Kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            if (o.Sender == end && o.Kind == ObservationKind.Retransmission && o.Time - time > ShortestRepeat)
                repeats++;
        }

        return repeats;
    }

    /// <summary>
    /// From when on an end took no notice of payload or a FIN that were the very next it waited for; <see cref="long.MaxValue"/>
    /// where it heard everything. Nanoseconds since the connection's first segment.
    /// </summary>
    public static long DeafSince(Connection c, int end)
    {
        ref readonly ObservationLog log = ref c.Log;
        int repeats = RepeatsAfter(c, end, long.MinValue / 2);
        for (int i = 0; repeats >= RepeatsOfTheDeaf && i < log.Kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            if (o.Sender != end && IsMissedBy(c, end, o))
                return o.Time;
        }

        return long.MaxValue;
    }

    /// <summary>
    /// How often an end repeated the first segment that the other has not acknowledged to this moment. The kernel counts these until
    /// it gives up (tcp_retransmit_timer(), net/ipv4/tcp_timer.c); what else the other sends does not stop the count.
    /// </summary>
    /// <param name="c">The connection.</param>
    /// <param name="end">The end that repeats itself.</param>
    /// <param name="before">Only those before this time, in nanoseconds since the connection's first segment.</param>
    public static int VainRepeats(Connection c, int end, long before = long.MaxValue)
    {
        ref readonly Side peer = ref c.Side(1 - end);
        if (c.Side(end).Retransmissions == 0 || !peer.Has(SideMarks.HasAcknowledged) || peer.Has(SideMarks.ZeroWindow))
            return 0;
        int repeats = 0;
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Sender == end && o.Kind == ObservationKind.Retransmission && o.Sequence == peer.Acknowledged && o.Time < before)
                repeats++;
        }

        return repeats;
    }

    /// <summary>
    /// How often an end repeated itself in vain, be it that nothing acknowledges it or that it hears no acknowledgment.
    /// </summary>
    public static int Unheard(Connection c, int end) => Unheard(c, end, DeafSince(c, end));

    /// <inheritdoc cref="Unheard(Connection, int)"/>
    public static int Unheard(Connection c, int end, long deafSince)
    {
        int vain = Math.Max(VainRepeats(c, end), RepeatsOfAcknowledged(c, end));
        return deafSince == long.MaxValue ? vain : Math.Max(vain, RepeatsAfter(c, end, deafSince));
    }

    /// <summary>
    /// How often an end repeated what the other had acknowledged, at the last, and did nothing since that shows that it heard of it:
    /// the path drops what comes back, behind the capture or before it reaches the socket.
    /// </summary>
    public static int RepeatsOfAcknowledged(Connection c, int end)
    {
        ref readonly Side own = ref c.Side(end);
        int repeats = 0;
        long last = 0;
        for (int i = 0; own.Retransmissions > 0 && i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            bool isNewest = o.Sender == end && o.RepeatsAcknowledged && o.Sequence + o.Length == own.Sent.Next && o.Acknowledgment == own.Acknowledged;

            // What the network or the capture doubles comes at once.
            if (isNewest && (repeats == 0 || o.Time - last > ShortestRepeat))
            {
                repeats++;
                last = o.Time;
            }
        }

        return repeats;
    }

    private static bool IsMissedBy(Connection c, int end, in Observation came)
    {
        if (came.Kind is not (ObservationKind.Fin or ObservationKind.Data or ObservationKind.Retransmission) || (came.Flags & TcpFlags.Syn) != 0)
            return false;
        uint after = came.Sequence + came.Length + (came.Kind == ObservationKind.Fin || (came.Flags & TcpFlags.Fin) != 0 ? 1u : 0u);
        int repeats = 0;
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            bool isRepeat = o.Sender == end && o.Kind == ObservationKind.Retransmission && o.Time - came.Time > ShortestRepeat;

            // A closed window turns away what comes; what lies beyond a gap cannot be acknowledged yet.
            if (isRepeat && o.Window != 0 && (o.Flags & TcpFlags.Ack) != 0
                && SequenceNumber.IsAtOrAfter(o.Acknowledgment, came.Sequence) && SequenceNumber.IsAfter(after, o.Acknowledgment))
            {
                repeats++;
            }
        }

        return repeats >= RepeatsOfTheDeaf;
    }
}
