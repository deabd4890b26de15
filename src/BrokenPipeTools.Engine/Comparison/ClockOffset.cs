using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>The difference between the clocks of two captures, computed from packets of both sides of one connection that both captures have.</summary>
/// <param name="Ahead">Nanoseconds by which the clock of the second capture is ahead, if both directions take the same time.</param>
/// <param name="Way">
/// Nanoseconds that a packet and its answer together take between the two places. Above 0 if the first capture is nearer to the client, below 0 if
/// the second one is. The value does not depend on the clocks.
/// </param>
/// <param name="Time">The time at which the connection began, by the clock of the first capture.</param>
internal readonly record struct ClockOffset(long Ahead, long Way, long Time)
{
    /// <summary>The largest drift of a clock that is not set by a server, as a divisor of the elapsed time: 1 / 5000, or 200 ppm.</summary>
    public const int DriftPart = 5000;

    /// <summary>
    /// Compares the times of SYN and SYN-ACK; without these, the times of both FINs. Returns null if one of the two packets is missing at a place, or
    /// was sent again.
    /// </summary>
    public static ClockOffset? Of(PlacedConnection one, PlacedConnection other) =>
        Of(one, other, ObservationKind.Syn, ObservationKind.SynAck) ?? Of(one, other, ObservationKind.Fin, ObservationKind.Fin);

    private static ClockOffset? Of(PlacedConnection one, PlacedConnection other, ObservationKind ofClient, ObservationKind ofServer)
    {
        if (one.TimeOf(StepSide.Client, ofClient) is not { } client || other.TimeOf(StepSide.Client, ofClient) is not { } otherClient
            || one.TimeOf(StepSide.Server, ofServer) is not { } server || other.TimeOf(StepSide.Server, ofServer) is not { } otherServer)
            return null;
        (long clientLater, long serverLater) = (otherClient - client, otherServer - server);
        return new ClockOffset(clientLater / 2 + serverLater / 2, clientLater - serverLater, one.StartTime);
    }

    /// <summary>Returns the median; null if there are no values.</summary>
    public static long? Median(IEnumerable<long> values)
    {
        long[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : sorted[sorted.Length / 2];
    }
}
