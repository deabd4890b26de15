using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>Finds which place is nearer to the client, and how the clocks of the two places differ, from all connections that both captures have.</summary>
internal sealed class PairOrientation
{
    /// <summary>Nanoseconds. The smallest error of times that is assumed if the path and the clock difference are those of another connection.</summary>
    private const long BorrowedTolerance = 50 * Nanoseconds.PerMillisecond;

    /// <summary>Nanoseconds. The smallest error of times that is assumed, because a busy host needs some time to process a packet.</summary>
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

    /// <summary>
    /// Returns whether the first place is nearer to the client. If this connection does not show it, the majority of the connections decides. Null if
    /// no connection shows it.
    /// </summary>
    public bool? IsReferenceNearClient(PlacedConnection? one, PlacedConnection? other) =>
        one is not null && other is not null && NearerToClient(one, other) is not 0 and var vote ? vote > 0 : _isReferenceNearClient;

    /// <summary>
    /// Returns whether a connection of one capture must also pass the other place: it was captured at the client's place, and the other capture has
    /// its server. A server also has clients whose connections pass only one of the places.
    /// </summary>
    public bool IsExpectedAtBoth(PlacedConnection? reference, PlacedConnection? difference) =>
        (_isReferenceNearClient == true ? reference : _isReferenceNearClient == false ? difference : null) is { } one && _servers.Contains(one.Record.ServerEndpoint);

    /// <summary>
    /// Compares the clocks by the connection's own packets. If these do not show the difference, the connection that began nearest in time is used.
    /// </summary>
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

    /// <summary>Returns 1 if the first place is nearer to the client, -1 if the second one is, 0 if the connection does not show it.</summary>
    private static int NearerToClient(PlacedConnection one, PlacedConnection other)
    {
        if (ClockOffset.Of(one, other) is { Way: not 0 } clock)
            return Math.Sign(clock.Way);
        int client = one.TimeToLive(StepSide.Client) - other.TimeToLive(StepSide.Client) ?? 0;
        int server = one.TimeToLive(StepSide.Server) - other.TimeToLive(StepSide.Server) ?? 0;
        return Math.Sign(client - server);
    }

    /// <summary>Returns the nanoseconds between SYN and SYN-ACK; 0 if they are not known. A packet takes no longer than this between the two places.</summary>
    private static long WayOf(PlacedConnection connection) =>
        connection.TimeOf(StepSide.Server, ObservationKind.SynAck) - connection.TimeOf(StepSide.Client, ObservationKind.Syn) ?? 0;
}
