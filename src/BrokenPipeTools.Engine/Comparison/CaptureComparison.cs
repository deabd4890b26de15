using System.Globalization;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>
/// Compares two captures of the same connections. The captures were taken at two places: at the client and at the server, or on both sides of a
/// device. A packet that is sent at one place and missing at the other was lost between them. A packet that arrives without having been sent was made
/// by a device between them.
/// </summary>
public sealed class CaptureComparison
{
    /// <summary>The most connections of one capture. The connections of both captures are in memory until all are read.</summary>
    public const int MaxConnections = 1_000_000;

    private readonly CapturedPlace _reference = new();
    private readonly CapturedPlace _difference = new();
    private bool _isFull;

    /// <summary>A warning if connections were left out because <see cref="MaxConnections"/> was reached; null if none were left out.</summary>
    public string? Overflow => !_isFull ? null : string.Create(CultureInfo.InvariantCulture, $"only the first {MaxConnections} connections of a capture are compared; to compare others, extract them first, for example with tcpdump -r IN -w OUT port 443");

    /// <summary>The warning to show if <see cref="Compare"/> returns nothing.</summary>
    public static string NothingInCommon => "the two captures have no connection in common";

    /// <summary>
    /// Adds a connection of the reference capture. Its record must not be returned to a pool. Returns false if <see cref="MaxConnections"/> is
    /// reached.
    /// </summary>
    public bool AddReference(ConnectionClose record) => Add(_reference, record);

    /// <summary>
    /// Adds a connection of the other capture. Its record must not be returned to a pool. Returns false if <see cref="MaxConnections"/> is reached.
    /// </summary>
    public bool AddDifference(ConnectionClose record) => Add(_difference, record);

    /// <summary>
    /// Compares the connections that both captures have. A connection that only one capture has is included if its server also occurs in the other
    /// capture. Otherwise the connection is left out, because it need not have passed the other place.
    /// </summary>
    /// <param name="open">Opens a capture a second time, by the path that its records have. The second reading finds the time that the capture
    /// covers, the options of SYNs, and the first lost packet.</param>
    public IEnumerable<ConnectionComparison> Compare(Func<string, ICaptureSource> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        List<(PlacedConnection? Reference, PlacedConnection? Difference)> pairs = new ConnectionMatcher(_reference, _difference).Match();
        PairOrientation orientation = new(pairs);
        ComparedPair[] compared =
        [
            .. pairs.Where(pair => pair is { Reference: not null, Difference: not null } || orientation.IsExpectedAtBoth(pair.Reference, pair.Difference))
                .Select(pair => Prepare(pair.Reference, pair.Difference, orientation)),
        ];
        MissingPayload[] missing = [.. compared.SelectMany(pair => pair.Paths).Select(path => path.Missing).OfType<MissingPayload>()];
        ILookup<bool, MissingPayload> sentAt = missing.ToLookup(one => _reference.Has(one.Connection));
        new SecondReading(_reference, sentAt[true]).Read(open);
        new SecondReading(_difference, sentAt[false]).Read(open);
        return compared.Select(pair => pair.ToResult());
    }

    /// <summary>
    /// Returns whether the packets of a connection that only one capture has can be traced: only if no server accepted the connection. An accepted
    /// connection may have taken another path.
    /// </summary>
    private static bool IsTraceable(PlacedConnection? one, PlacedConnection? other) =>
        (one is not null && other is not null) || (one ?? other) is { ClientNumber: not null, ServerNumber: null };

    private bool Add(CapturedPlace place, ConnectionClose record)
    {
        ArgumentNullException.ThrowIfNull(record);
        bool hasRoom = place.Connections.Count < MaxConnections;
        if (hasRoom)
            place.Add(record);
        _isFull |= !hasRoom;
        return hasRoom;
    }

    private ComparedPair Prepare(PlacedConnection? one, PlacedConnection? other, PairOrientation orientation)
    {
        PathClock clock = orientation.ClockOf(one, other);
        bool? isNearClient = orientation.IsReferenceNearClient(one, other);
        PacketPath[] paths = !IsTraceable(one, other) ? []
            : isNearClient ?? true
                ? [new(StepSide.Client, one, other, clock, _reference, _difference), new(StepSide.Server, other, one, clock.Reversed, _difference, _reference)]
                : [new(StepSide.Client, other, one, clock.Reversed, _difference, _reference), new(StepSide.Server, one, other, clock, _reference, _difference)];
        return new ComparedPair(one?.Record, other?.Record, clock.IsKnown ? clock.Ahead : null, isNearClient, paths);
    }
}
