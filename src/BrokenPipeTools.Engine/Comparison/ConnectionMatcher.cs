using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>
/// Finds the connections that two captures have in common. Address translation changes addresses and ports but not initial sequence numbers; a device
/// that changes the sequence numbers keeps the addresses. A connection that fits several others has no partner.
/// </summary>
/// <param name="reference">The first capture.</param>
/// <param name="difference">The second one.</param>
internal sealed class ConnectionMatcher(CapturedPlace reference, CapturedPlace difference)
{
    /// <summary>Nanoseconds. The longest time that a SYN takes between the two places, including the error of the clock offset.</summary>
    private const long LongestWay = 5 * Nanoseconds.PerSecond;

    /// <summary>The most pairs of connections whose sequence numbers are compared.</summary>
    private const long MostTries = 4_000_000;

    private readonly Dictionary<PlacedConnection, PlacedConnection> _partners = [];
    private readonly HashSet<PlacedConnection> _taken = [];

    /// <summary>Nanoseconds by which the clock of the second capture is ahead; null if no connection shows it.</summary>
    public long? Offset { get; private set; }

    /// <summary>Matches all connections. Returns first the pairs, then the connections of each capture that have no partner.</summary>
    public List<(PlacedConnection? Reference, PlacedConnection? Difference)> Match()
    {
        // Both initial sequence numbers together have 64 bits. Two different connections share them only with a probability of 2^-64.
        MatchBy<(SequenceNumber, SequenceNumber)>(one => one is { ClientNumber: { } client, ServerNumber: { } server } ? (client, server) : null, (_, _) => true);
        Offset = ClockOffset.Median(_partners.Select(pair => ClockOffset.Of(pair.Key, pair.Value)?.Ahead).OfType<long>());
        MatchBy<SequenceNumber>(one => one.ClientNumber, (one, other) => IsNear(one, other) && (one.ServerNumber is null || other.ServerNumber is null));
        MatchBy(EndpointsOf, (one, other) => one.SharesNumbers(other) && Overlap(one, other));

        // The same endpoints with other sequence numbers: a device changes the numbers. The two connections are one if they began together.
        MatchBy(EndpointsOf, (one, other) => one.ClientNumber is not null && other.ClientNumber is not null && Offset is not null && IsNear(one, other));
        MatchByNumbers();
        return
        [
            .. reference.Connections.Select(one => ((PlacedConnection?)one, _partners.GetValueOrDefault(one))),
            .. difference.Connections.Where(other => !_taken.Contains(other)).Select(other => ((PlacedConnection?)null, (PlacedConnection?)other)),
        ];
    }

    private static (EndpointText Client, EndpointText Server)? EndpointsOf(PlacedConnection one) => (one.Record.ClientEndpoint, one.Record.ServerEndpoint);

    /// <summary>Matches connections that have no partner yet: both have the same key, fit each other, and fit no other connection.</summary>
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
                _partners[one] = same; // one connection that was captured at several points, before and after address translation
        }
    }

    /// <summary>
    /// Matches connections whose handshake is missing in a capture, through address translation: the sequence numbers of both sides overlap. If there
    /// are only few numbers, they overlap by chance in less than one of ten thousand comparisons.
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

    /// <summary>
    /// Returns whether two connections began at the same time; true if the clock offset is unknown, because then the times cannot be compared.
    /// </summary>
    private bool IsNear(PlacedConnection one, PlacedConnection other) => Offset is not { } offset || Math.Abs(other.StartTime - offset - one.StartTime) <= LongestWay;

    private bool Overlap(PlacedConnection one, PlacedConnection other) =>
        Offset is not { } offset || (one.StartTime <= other.EndTime - offset + LongestWay && other.StartTime - offset <= one.EndTime + LongestWay);
}
