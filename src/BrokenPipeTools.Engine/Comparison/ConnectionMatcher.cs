using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>
/// Finds which connections of two captures are the same. Address translation changes addresses and ports, and no initial sequence numbers;
/// a device that changes those leaves the addresses. A connection that fits several others is left without a partner.
/// </summary>
/// <param name="reference">The first capture.</param>
/// <param name="difference">The second one.</param>
internal sealed class ConnectionMatcher(CapturedPlace reference, CapturedPlace difference)
{
    /// <summary>Nanoseconds that a SYN is under way between two places, and by which the offset of the clocks may be wrong.</summary>
    private const long LongestWay = 5 * Nanoseconds.PerSecond;

    /// <summary>Pairs of connections that are compared by their numbers at most.</summary>
    private const long MostTries = 4_000_000;

    private readonly Dictionary<PlacedConnection, PlacedConnection> _partners = [];
    private readonly HashSet<PlacedConnection> _taken = [];

    /// <summary>How far the clock of the second capture is ahead, in nanoseconds; null if no connection shows it.</summary>
    public long? Offset { get; private set; }

    /// <summary>Matches all connections. Returns the pairs, then those of either capture that have no partner.</summary>
    public List<(PlacedConnection? Reference, PlacedConnection? Difference)> Match()
    {
        // Both initial numbers are 64 bits that two connections share only by chance of 2^-64.
        MatchBy<(SequenceNumber, SequenceNumber)>(one => one is { ClientNumber: { } client, ServerNumber: { } server } ? (client, server) : null, (_, _) => true);
        Offset = ClockOffset.Median(_partners.Select(pair => ClockOffset.Of(pair.Key, pair.Value)?.Ahead).OfType<long>());
        MatchBy<SequenceNumber>(one => one.ClientNumber, (one, other) => IsNear(one, other) && (one.ServerNumber is null || other.ServerNumber is null));
        MatchBy(EndpointsOf, (one, other) => one.SharesNumbers(other) && Overlap(one, other));

        // The same endpoints with other numbers: a device changes them, if the connections began together.
        MatchBy(EndpointsOf, (one, other) => one.ClientNumber is not null && other.ClientNumber is not null && Offset is not null && IsNear(one, other));
        MatchByNumbers();
        return
        [
            .. reference.Connections.Select(one => ((PlacedConnection?)one, _partners.GetValueOrDefault(one))),
            .. difference.Connections.Where(other => !_taken.Contains(other)).Select(other => ((PlacedConnection?)null, (PlacedConnection?)other)),
        ];
    }

    private static (EndpointText Client, EndpointText Server)? EndpointsOf(PlacedConnection one) => (one.Record.ClientEndpoint, one.Record.ServerEndpoint);

    /// <summary>Matches those without a partner that have the same key, and fit each other and nothing else.</summary>
    private void MatchBy<TKey>(Func<PlacedConnection, TKey?> keyOf, Func<PlacedConnection, PlacedConnection, bool> fits)
        where TKey : struct
    {
        ILookup<TKey, PlacedConnection> others = difference.Connections.Where(other => !_taken.Contains(other) && keyOf(other) is not null).ToLookup(other => keyOf(other)!.Value);
        MatchAmong(reference.Connections.Where(one => !_partners.ContainsKey(one)).Select(one => (one, keyOf(one) is { } key ? others[key].Where(other => fits(one, other)).ToArray() : [])));
    }

    /// <summary>Joins connections that match each other and no other one.</summary>
    private void MatchAmong(IEnumerable<(PlacedConnection One, PlacedConnection[] Others)> candidatesOf)
    {
        List<(PlacedConnection One, PlacedConnection[] Others)> found = [.. candidatesOf.Where(pair => pair.Others.Length > 0)];
        Dictionary<PlacedConnection, int> claims = [];
        foreach (PlacedConnection other in found.SelectMany(pair => pair.Others))
            claims[other] = claims.GetValueOrDefault(other) + 1;
        foreach ((PlacedConnection one, PlacedConnection[] candidates) in found)
        {
            if (candidates.Length == 1 && claims[candidates[0]] == 1)
                Join(one, candidates[0]);
            else if (candidates.Where(other => HaveSameEndpoints(one, other)).ToArray() is [var same] && _taken.Add(same))
                _partners[one] = same; // captured at several points, before and behind translation
        }
    }

    /// <summary>
    /// Matches those whose handshake a capture lacks, through address translation: both sides' numbers overlap. With few of them, that happens
    /// by chance in less than one comparison of ten thousand.
    /// </summary>
    private void MatchByNumbers()
    {
        const double LargestChance = 1e-4, Space = 4_294_967_296.0;
        PlacedConnection[] ones = [.. reference.Connections.Where(one => !_partners.ContainsKey(one) && HasBothSides(one))];
        PlacedConnection[] others = [.. difference.Connections.Where(other => !_taken.Contains(other) && HasBothSides(other))];
        if ((long)ones.Length * others.Length > MostTries)
            return;
        bool Fits(PlacedConnection one, PlacedConnection other) =>
            (one.ClientNumber is null || other.ClientNumber is null) && one.SharesNumbers(other) && Overlap(one, other)
            && (one.NumbersOf(StepSide.Client) + other.NumbersOf(StepSide.Client)) / Space * ((one.NumbersOf(StepSide.Server) + other.NumbersOf(StepSide.Server)) / Space) * ones.Length * others.Length < LargestChance;
        MatchAmong(ones.Select(one => (one, others.Where(other => Fits(one, other)).ToArray())));
    }

    private static bool HasBothSides(PlacedConnection one) => one.NumbersOf(StepSide.Client) > 0 && one.NumbersOf(StepSide.Server) > 0;

    private void Join(PlacedConnection one, PlacedConnection other)
    {
        _partners[one] = other;
        _taken.Add(other);
    }

    private static bool HaveSameEndpoints(PlacedConnection one, PlacedConnection other) => EndpointsOf(one) == EndpointsOf(other);

    /// <summary>They began at one time. Without an offset the clocks cannot be compared.</summary>
    private bool IsNear(PlacedConnection one, PlacedConnection other) => Offset is not { } offset || Math.Abs(other.StartTime - offset - one.StartTime) <= LongestWay;

    private bool Overlap(PlacedConnection one, PlacedConnection other) =>
        Offset is not { } offset || (one.StartTime <= other.EndTime - offset + LongestWay && other.StartTime - offset <= one.EndTime + LongestWay);
}
