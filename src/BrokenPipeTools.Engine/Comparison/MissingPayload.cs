using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Comparison;

/// <summary>Payload that a side sent and that the capture at the other place does not have.</summary>
/// <param name="connection">The connection at the sender's place.</param>
/// <param name="side">The side that sent the payload.</param>
/// <param name="number">The first missing sequence number, as numbered at the sender's place.</param>
/// <param name="bytes">Payload bytes from that number to the end of the gap.</param>
internal sealed class MissingPayload(PlacedConnection connection, StepSide side, SequenceNumber number, long bytes)
{
    public PlacedConnection Connection => connection;

    public long Bytes => bytes;

    public SequenceNumber Number => number;

    /// <summary>
    /// The first segment that carried the missing payload: its frame number, and its time in nanoseconds since 1970. Null if it was not found.
    /// </summary>
    public (long Frame, long Time)? First { get; private set; }

    /// <summary>
    /// Compares the payload that a side sent with the payload that arrived. Returns null if nothing is missing, or if the captures do not show it.
    /// </summary>
    public static MissingPayload? Of(StepSide side, PlacedConnection sent, PlacedConnection arrived)
    {
        ref readonly Side one = ref sent.Side(side);
        ref readonly Side other = ref arrived.Side(side);
        if (!one.Sent.IsKnown || !other.Sent.IsKnown || !one.Has(SideMarks.HasBase) || !other.Has(SideMarks.HasBase))
            return null;
        uint shift = IsRenumbered(side, sent, arrived) ? one.BaseSequence.CountFrom(other.BaseSequence) : 0; // BaseSequence may be a guess
        bool isInside = other.Sent.TryGetFirstGap(out SequenceRange gap) && !IsGap(one, gap.Start.Add(shift));
        SequenceNumber number = (isInside ? gap.Start : other.Sent.Next).Add(shift);
        int bytes = isInside
            ? gap.End.DistanceFrom(gap.Start)
            : one.Sent.Next.DistanceFrom(number) - (one.Has(SideMarks.Fin) && !other.Has(SideMarks.Fin) ? 1 : 0);
        return bytes > 0 && number.IsAtOrAfter(one.Sent.First) ? new MissingPayload(sent, side, number, bytes) : null;
    }

    /// <summary>Returns whether the packets of a side have other sequence numbers at the other place.</summary>
    public static bool IsRenumbered(StepSide side, PlacedConnection sent, PlacedConnection arrived) =>
        sent.Side(side) is var one && arrived.Side(side) is var other
        && one.Has(SideMarks.Syn | SideMarks.SynAck) && other.Has(SideMarks.Syn | SideMarks.SynAck) && one.BaseSequence != other.BaseSequence;

    /// <summary>Keeps the segment if it is the first one that carries the first missing byte or a later byte.</summary>
    public void Take(in Segment s, int sender)
    {
        if (First is null && sender == connection.EndOf(side) && s.Frame >= connection.Record.FirstFrame && s.Frame <= connection.Record.LastFrame && s.EndSequence.IsAfter(number))
            First = (s.Frame, s.Time);
    }

    /// <summary>Returns whether the sender's own capture also lacks the byte with this number.</summary>
    private static bool IsGap(in Side one, SequenceNumber number) => one.Sent.CountGaps(number, number.Add(1)) > 0 || number.IsAtOrAfter(one.Sent.Next);
}
