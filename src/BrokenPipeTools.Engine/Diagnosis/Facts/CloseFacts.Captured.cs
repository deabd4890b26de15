using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <content>Facts about the sides that the capture shows.</content>
internal sealed partial class CloseFacts
{
    /// <summary>
    /// Returns whether no packet of an end was captured although the other end sent more than SYNs. That end is then unknown. (If the other end sent
    /// only SYNs, they may have had no answer.)
    /// </summary>
    public bool IsUnseen(int end)
    {
        ref readonly Side other = ref Connection.Side(1 - end);
        return Connection.Side(end).Packets == 0 && (!other.Has(SideMarks.Syn) || other.Has(SideMarks.HasAcknowledged));
    }

    /// <summary>
    /// Returns whether the other side acknowledged more than the capture has of an end, after the last number that was captured: the end's FIN may be
    /// missing, too.
    /// </summary>
    public bool MayLackFin(int end)
    {
        ref readonly Side own = ref Connection.Side(end);
        ref readonly Side other = ref Connection.Side(1 - end);
        return own.Sent.IsKnown && !own.Has(SideMarks.Fin) && other.Has(SideMarks.HasAcknowledged) && other.Acknowledged.IsAfter(own.Sent.Next);
    }

    /// <summary>
    /// Whether the capture has only ACKs without payload: both sides may have closed before it began, and these ACKs may belong to that close.
    /// </summary>
    public bool HasOnlyAcks => !AnyPayload && !HasOther(Connection.Side(0)) && !HasOther(Connection.Side(1))
        && !Find(ObservationKind.KeepAlive, 0).Exists && !Find(ObservationKind.KeepAlive, 1).Exists;

    /// <summary>
    /// Whether it is not known which side is the client: the SYN was not captured, and neither port is more like a server's than the other.
    /// </summary>
    public bool IsClientUnclear => Connection.Opener < 0 && ServerPorts.Compare(Connection.Key.Port0, Connection.Key.Port1) == 0;

    /// <summary>
    /// Returns the end whose payload right before its FIN was not captured: it may have been an answer, a request, or the reason to close. -1 for none.
    /// </summary>
    public int EndWithoutLastPayload => LacksLastPayload(0) ? 0 : LacksLastPayload(1) ? 1 : -1;

    private bool LacksLastPayload(int end)
    {
        ref readonly Side side = ref Connection.Side(end);
        return side.Sent.HasGaps && side.Has(SideMarks.Fin) && side.Sent.HasGapAfter(side.FinEnd.Add(-2));
    }

    /// <summary>Whether the capture begins so late that it shows neither the handshake nor any payload: the silence before the close is not known.</summary>
    public bool BeginsAtClose => Connection.Opener < 0 && !AnyPayload && Connection.Close.HasBegun;

    /// <summary>
    /// Seconds from the first FIN to a segment of the other side that does not acknowledge it, although the FIN was not lost: the FIN was captured too
    /// early, and the silence before it was longer. 0 if there is no such segment.
    /// </summary>
    public double CapturedEarlyBy
    {
        get
        {
            if (Connection.MaxGap < Nanoseconds.PerSecond || Connection.IsDoubtful(Connection.MaxGap))
                return 0; // most connections
            int closer = ClosedBy == Closing.ClosedBy.Client ? Client : 1 - Client;
            LogPlace fin = Find(ObservationKind.Fin, closer);
            LogPlace after = new(fin.Index + 1);
            if (!fin.Exists || after.Index >= Connection.Log.Kept || Connection.Side(closer).Has(SideMarks.Repeated))
                return 0;
            ref readonly Observation next = ref Connection.Log.Get(after);
            return next.Sender != closer && next.Kind == ObservationKind.Ack && Connection.Side(closer).FinEnd.IsAfter(next.Acknowledgment) ? Between(fin, after) : 0;
        }
    }

    /// <summary>Seconds from the connection's newest segment to the time up to which the capture shows the connection.</summary>
    public double QuietFor => Nanoseconds.ToSeconds(Math.Max(0, _of.Until - Connection.LatestTime));

    /// <summary>Whether the capture lacks frames, of this connection or of others.</summary>
    public bool IsAfterLoss => _of.IsAfterDrops || _of.IsAfterGaps;

    private static bool HasOther(in Side side) => side.Has(SideMarks.Syn | SideMarks.SynAck | SideMarks.Fin | SideMarks.Rst);
}
