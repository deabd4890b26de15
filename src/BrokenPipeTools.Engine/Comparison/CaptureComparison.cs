using BrokenPipeTools.Capture;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>
/// Compares two captures of the same connections, taken at two places: at the client and at the server, or on both sides of a device. What
/// one place has sent and the other has not received is lost; what arrived and was not sent, somebody else made.
/// </summary>
public sealed class CaptureComparison
{
    /// <summary>Connections of one capture at most: both are in memory until all are read.</summary>
    public const int MaxConnections = 1_000_000;

    /// <summary>Nanoseconds by which times may be wrong, if the handshake does not show how long the way is.</summary>
    private const long UsualTolerance = 200_000_000;

    /// <summary>Nanoseconds: a busy host takes a while to hand a packet on.</summary>
    private const long ShortestTolerance = 10_000_000;

    private readonly CapturedPlace _reference = new();
    private readonly CapturedPlace _difference = new();

    /// <summary>Adds a connection of the reference capture. Its record must not be given back to a pool. False if there is no room.</summary>
    public bool AddReference(ConnectionClose record) => Add(_reference, record);

    /// <summary>The same of the other capture.</summary>
    public bool AddDifference(ConnectionClose record) => Add(_difference, record);

    /// <summary>
    /// Compares the connections that both captures have, and those of one capture to servers that the other one has too. Those of other
    /// servers go elsewhere, and are left out.
    /// </summary>
    /// <param name="open">Opens a capture again by the path that records have, to find the first packet that was lost.</param>
    public IEnumerable<ConnectionComparison> Compare(Func<string, ICaptureSource> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        ConnectionMatcher matcher = new(_reference, _difference);
        List<(PlacedConnection? Reference, PlacedConnection? Difference)> pairs = matcher.Match();
        (PlacedConnection Reference, PlacedConnection Difference)[] together = [.. pairs.Where(pair => pair is { Reference: not null, Difference: not null }).Select(pair => (pair.Reference!, pair.Difference!))];
        HashSet<(string, int)> servers = [.. together.SelectMany(pair => (ConnectionClose[])[pair.Reference.Record, pair.Difference.Record]).Select(record => (record.ServerAddress, record.ServerPort))];
        bool? isUsuallyNearClient = IsReferenceNearClient(together);
        ComparedPair[] compared =
        [
            .. pairs.Where(pair => pair is { Reference: not null, Difference: not null } || IsExpectedAtBoth(pair.Reference, pair.Difference, servers, isUsuallyNearClient))
                .Select(pair => Prepare(pair.Reference, pair.Difference, matcher.Offset, isUsuallyNearClient)),
        ];
        FirstLostSegments.Find(compared.SelectMany(pair => pair.Paths).Select(path => path.Missing).OfType<MissingPayload>(), open);
        return compared.Select(pair => pair.ToResult());
    }

    /// <summary>
    /// A connection of one capture belongs into the other one too if it was made at the client's place, to a server that the other one has.
    /// A server has other clients as well, which nobody captured at their places.
    /// </summary>
    private static bool IsExpectedAtBoth(PlacedConnection? reference, PlacedConnection? difference, HashSet<(string, int)> servers, bool? isReferenceNearClient) =>
        (isReferenceNearClient == true ? reference : isReferenceNearClient == false ? difference : null) is { } one && servers.Contains((one.Record.ServerAddress, one.Record.ServerPort));

    /// <summary>What became of its packets can be known: a connection that only one capture has may have gone elsewhere if a server accepted it.</summary>
    private static bool IsTraceable(PlacedConnection? one, PlacedConnection? other) =>
        (one is not null && other is not null) || (one ?? other) is { ClientNumber: not null, ServerNumber: null };

    private static bool Add(CapturedPlace place, ConnectionClose record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (place.Connections.Count == MaxConnections)
            return false;
        place.Add(record);
        return true;
    }

    /// <summary>By most of the connections: the way between the places is the same for all.</summary>
    private static bool? IsReferenceNearClient((PlacedConnection Reference, PlacedConnection Difference)[] pairs)
    {
        int votes = pairs.Sum(pair => NearerToClient(pair.Reference, pair.Difference));
        return votes == 0 ? null : votes > 0;
    }

    /// <summary>1 if the first place is nearer to the client, -1 if the second one is, 0 if the connection does not show it.</summary>
    private static int NearerToClient(PlacedConnection one, PlacedConnection other)
    {
        if (ClockOffset.NearerToClient(one, other) is { } longer and not 0)
            return Math.Sign(longer);
        int client = one.Side(StepSide.Client).TimeToLive - other.Side(StepSide.Client).TimeToLive;
        int server = one.Side(StepSide.Server).TimeToLive - other.Side(StepSide.Server).TimeToLive;
        return Math.Sign(client - server);
    }

    private ComparedPair Prepare(PlacedConnection? one, PlacedConnection? other, long? usualOffset, bool? isUsuallyNearClient)
    {
        long? offset = (one is not null && other is not null ? ClockOffset.Of(one, other) : null) ?? usualOffset;
        bool? isNearClient = one is not null && other is not null && NearerToClient(one, other) is not 0 and var vote ? vote > 0 : isUsuallyNearClient;
        IReadOnlyList<PacketPath> paths = IsTraceable(one, other) && offset is { } ahead && isNearClient is { } isNear ? Paths(one, other, ahead, isNear) : [];
        return new ComparedPair(one?.Record, other?.Record, offset, isNearClient, paths);
    }

    /// <summary>The ways from the client and from the server, each from its sender's place to the other one.</summary>
    private PacketPath[] Paths(PlacedConnection? one, PlacedConnection? other, long offset, bool isReferenceNearClient)
    {
        long tolerance = Math.Max(WayOf(one), WayOf(other)) is > 0 and var way ? Math.Max(way, ShortestTolerance) : UsualTolerance;
        return isReferenceNearClient
            ? [new(StepSide.Client, one, other, offset, _reference, _difference, tolerance), new(StepSide.Server, other, one, -offset, _difference, _reference, tolerance)]
            : [new(StepSide.Client, other, one, -offset, _difference, _reference, tolerance), new(StepSide.Server, one, other, offset, _reference, _difference, tolerance)];
    }

    /// <summary>The time between SYN and SYN-ACK, nanoseconds: a packet takes no longer between the two places. 0 if it is not known.</summary>
    private static long WayOf(PlacedConnection? connection) => connection?.TimeOf(ObservationKind.SynAck) - connection?.TimeOf(ObservationKind.Syn) ?? 0;
}
