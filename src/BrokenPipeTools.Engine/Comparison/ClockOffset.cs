using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Comparison;

/// <summary>Compares the clocks of two captures by packets that both have.</summary>
internal static class ClockOffset
{
    /// <summary>
    /// How far the clock of the second capture is ahead, in nanoseconds, as if SYN and SYN-ACK took the same time between the two places. Null
    /// if one of them was not captured at both, or was sent more than once.
    /// </summary>
    public static long? Of(PlacedConnection one, PlacedConnection other) =>
        one.TimeOf(ObservationKind.Syn) is { } syn && other.TimeOf(ObservationKind.Syn) is { } otherSyn
        && one.TimeOf(ObservationKind.SynAck) is { } answer && other.TimeOf(ObservationKind.SynAck) is { } otherAnswer
            ? (otherSyn - syn + (otherAnswer - answer)) / 2
            : null;

    /// <summary>
    /// The time between SYN and SYN-ACK at the first capture less that at the second: above 0 if the first one is nearer to the client. Does
    /// not depend on the clocks.
    /// </summary>
    public static long? NearerToClient(PlacedConnection one, PlacedConnection other) =>
        one.TimeOf(ObservationKind.SynAck) - one.TimeOf(ObservationKind.Syn) - (other.TimeOf(ObservationKind.SynAck) - other.TimeOf(ObservationKind.Syn));

    /// <summary>The median; null of none.</summary>
    public static long? Median(IEnumerable<long> values)
    {
        long[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : sorted[sorted.Length / 2];
    }
}
