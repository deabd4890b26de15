using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>Finds how the two places lie and how their clocks differ, from all connections that both have.</summary>
internal sealed class PairOrientation
{
    /// <summary>Nanoseconds by which times may be wrong at least, if another connection has to show how long the way is and how the clocks differ.</summary>
    private const long BorrowedTolerance = 50 * Nanoseconds.PerMillisecond;

    /// <summary>Nanoseconds: a busy host takes a while to hand a packet on.</summary>
    private const long ShortestTolerance = 10 * Nanoseconds.PerMillisecond;

    private readonly List<ClockOffset> _clocks;
    private readonly bool? _isReferenceNearClient;
    private readonly HashSet<EndpointText> _servers;

    public PairOrientation(IEnumerable<(PlacedConnection? Reference, PlacedConnection? Difference)> pairs)
    {
        (PlacedConnection Reference, PlacedConnection Difference)[] together = [.. pairs.Where(pair => pair is { Reference: not null, Difference: not null }).Select(pair => (pair.Reference!, pair.Difference!))];
        _clocks = [.. together.Select(pair => ClockOffset.Of(pair.Reference, pair.Difference)).OfType<ClockOffset>().OrderBy(one => one.Time)];
        int votes = together.Sum(pair => NearerToClient(pair.Reference, pair.Difference));
        _isReferenceNearClient = votes == 0 ? null : votes > 0;
        _servers = [.. together.SelectMany(pair => (ConnectionClose[])[pair.Reference.Record, pair.Difference.Record]).Select(record => record.ServerEndpoint)];
    }

    /// <summary>Whether the first place is nearer to the client; by most of the connections if this one does not show it. Null if none does.</summary>
    public bool? IsReferenceNearClient(PlacedConnection? one, PlacedConnection? other) =>
        one is not null && other is not null && NearerToClient(one, other) is not 0 and var vote ? vote > 0 : _isReferenceNearClient;

    /// <summary>
    /// A connection of one capture belongs into the other one too if it was made at the client's place, to a server that the other one has.
    /// A server has other clients as well, which were not captured at their places.
    /// </summary>
    public bool IsExpectedAtBoth(PlacedConnection? reference, PlacedConnection? difference) =>
        (_isReferenceNearClient == true ? reference : _isReferenceNearClient == false ? difference : null) is { } one && _servers.Contains(one.Record.ServerEndpoint);

    /// <summary>Compares the clocks by the connection's own packets, else by those of the connection that began nearest to it.</summary>
    public PathClock ClockOf(PlacedConnection? one, PlacedConnection? other)
    {
        if (one is not null && other is not null && ClockOffset.Of(one, other) is { } own)
            return new PathClock(true, own.Ahead, Math.Max(ShortestTolerance, Math.Max(WayOf(one), WayOf(other)) is > 0 and var way ? way : Math.Abs(own.Way)), one.StartTime);
        if (_clocks.Count == 0)
            return new PathClock(false, 0, BorrowedTolerance, 0);
        long time = one?.StartTime ?? (other!.StartTime - _clocks[0].Ahead);
        int at = _clocks.FindIndex(clock => clock.Time >= time);
        ClockOffset next = _clocks[at < 0 ? ^1 : at];
        ClockOffset nearest = at > 0 && time - _clocks[at - 1].Time < next.Time - time ? _clocks[at - 1] : next;
        return new PathClock(true, nearest.Ahead, Math.Max(BorrowedTolerance, 2 * Math.Abs(nearest.Way)), nearest.Time);
    }

    /// <summary>1 if the first place is nearer to the client, -1 if the second one is, 0 if the connection does not show it.</summary>
    private static int NearerToClient(PlacedConnection one, PlacedConnection other)
    {
        if (ClockOffset.Of(one, other) is { Way: not 0 } clock)
            return Math.Sign(clock.Way);
        int client = one.TimeToLive(StepSide.Client) - other.TimeToLive(StepSide.Client) ?? 0;
        int server = one.TimeToLive(StepSide.Server) - other.TimeToLive(StepSide.Server) ?? 0;
        return Math.Sign(client - server);
    }

    /// <summary>The time between SYN and SYN-ACK, nanoseconds: a packet takes no longer between the two places. 0 if it is not known.</summary>
    private static long WayOf(PlacedConnection connection) =>
        connection.TimeOf(StepSide.Server, ObservationKind.SynAck) - connection.TimeOf(StepSide.Client, ObservationKind.Syn) ?? 0;
}
