using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Closing;

/// <summary>The payload that one side sent and the other side never acknowledged.</summary>
internal static class UnackedPayload
{
    /// <summary>
    /// Returns how many payload bytes of an end were never acknowledged. The count comes from the sequence numbers, so it includes payload that was
    /// not captured. The acknowledgment number of a RST is ignored. Returns null if the other side was not captured.
    /// </summary>
    public static long? Of(Connection c, int end)
    {
        ref readonly Side own = ref c.Side(end);
        ref readonly Side peer = ref c.Side(1 - end);
        if (own.PayloadBytes == 0 || !own.Sent.IsKnown)
            return 0;
        if (peer.Packets == 0)
            return own.Has(SideMarks.HasAcknowledged) ? null : own.PayloadBytes;
        SequenceNumber from = own.Sent.First.Add(own.Has(SideMarks.Syn | SideMarks.SynAck) ? 1 : 0);
        if (peer.Has(SideMarks.HasAcknowledged) && peer.Acknowledged.IsAfter(from))
            from = peer.Acknowledged;
        SequenceNumber to = own.Sent.Next.Add(own.Has(SideMarks.Fin) && own.FinEnd == own.Sent.Next ? -1 : 0);
        return to.IsAfter(from) ? to.CountFrom(from) : 0;
    }

    /// <summary>
    /// Returns whether all payload of both sides was acknowledged. A TLS closure alert that one side sent after the other's FIN does not count,
    /// because its receiver does not wait for it.
    /// </summary>
    public static bool IsNone(Connection c) => IsNone(c, 0) && IsNone(c, 1);

    /// <summary>Returns whether a side has no unacknowledged payload except a close_notify that it sent after the other's FIN.</summary>
    public static bool IsNone(Connection c, int end) => Of(c, end) is 0 || IsTlsClosureAlert(c, end);

    /// <summary>Returns whether the unacknowledged payload of a side is one TLS closure alert that it sent after the other's FIN.</summary>
    public static bool IsTlsClosureAlert(Connection c, int end)
    {
        long? unacked = Of(c, end);
        if (unacked is null or 0)
            return false;
        ref readonly ObservationLog log = ref c.Log;
        bool isAfterFin = false;
        long closureAlert = 0;
        for (int i = 0; i < log.Kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            if (o.Sender != end)
                isAfterFin |= o.Kind == ObservationKind.Fin;
            else if (isAfterFin && o.Length > 0 && o.Kind is ObservationKind.Data or ObservationKind.Fin)
                closureAlert = o.IsTlsClosureAlert && o.Count == 1 && closureAlert == 0 ? o.Length : -1;
        }

        return closureAlert == unacked;
    }
}
