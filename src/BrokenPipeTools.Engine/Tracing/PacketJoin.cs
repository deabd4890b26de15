using System.Globalization;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tracing;

/// <summary>
/// Joins each traced failure with the packet record of its connection, by addresses, ports and time. The record comes only after the end of the
/// connection, so a failure waits for it, for a bounded time.
/// </summary>
/// <param name="interfaceName">The name of the interface that is captured on.</param>
/// <param name="maxWait">The longest time that a failure waits.</param>
internal sealed class PacketJoin(string interfaceName, TimeSpan maxWait)
{
    private const int MostConnections = 16_384;
    private const int MostWaiting = 16_384;
    private const int MostOfOnePair = 64; // the most consecutive connections with the same addresses and ports

    /// <summary>
    /// The tolerance when times are compared. Both times come from one clock, but a connection's first packet gets its time after the call that sends
    /// it.
    /// </summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);

    private readonly BoundedTable<(EndpointText Client, EndpointText Server), List<ConnectionClose>> _records = new(MostConnections);
    private readonly BoundedTable<string, int> _probes = new(MostConnections);
    private readonly Queue<(TracedFailure Failure, DateTime Since)> _waiting = new();

    /// <summary>Adds the record of a connection.</summary>
    public void Add(ConnectionClose record)
    {
        (EndpointText Client, EndpointText Server) key = (record.ClientEndpoint, record.ServerEndpoint);
        List<ConnectionClose> same = _records.GetOrNull(key) ?? [];
        if (same.Count == MostOfOnePair)
            same.RemoveAt(0);
        same.Add(record);
        _records.Set(key, same);
        if (record.Cause == Cause.HealthProbe)
            _probes.Set(record.ClientAddress, _probes.GetOrNull(record.ClientAddress) + 1);
    }

    /// <summary>Adds a failure.</summary>
    public void Add(TracedFailure failure, DateTime now) => _waiting.Enqueue((failure, now));

    /// <summary>Returns the failures that have found their packets or have waited long enough, in order.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="isLast">Whether no more records will come.</param>
    public IEnumerable<TracedFailure> Take(DateTime now, bool isLast)
    {
        while (_waiting.TryPeek(out (TracedFailure Failure, DateTime Since) first))
        {
            ConnectionClose[] found = [.. Find(first.Failure)];
            bool isOver = isLast || !HasPackets(first.Failure) || now - first.Since > maxWait || _waiting.Count > MostWaiting;
            if (found.Length == 0 && !isOver)
                yield break;
            _waiting.Dequeue();
            yield return found switch
            {
                [var only] => Join(first.Failure, only),
                _ when !HasPackets(first.Failure) => first.Failure,
                [] => WithNote(first.Failure, $"no packets of it were captured on {interfaceName}, or the connection had not ended"),
                _ => WithNote(first.Failure, string.Create(CultureInfo.InvariantCulture, $"{found.Length} captured connections have these addresses at that time (streams {string.Join(", ", found.Select(one => one.Stream))}): none is joined")),
            };
        }
    }

    private static bool HasPackets(TracedFailure failure) => failure is { Kind: TracedKind.Tcp, LocalPort: not null, RemotePort: not null };

    private static TracedFailure WithNote(TracedFailure failure, string note) => failure with { Quality = [.. failure.Quality, note] };

    /// <summary>
    /// Returns the connections with the addresses of a failure that were open at its time. If none was open, returns the last one before it, because
    /// an error stays pending until a later call.
    /// </summary>
    private IEnumerable<ConnectionClose> Find(TracedFailure failure)
    {
        if (failure is not { LocalAddress: { } localAddress, LocalPort: { } localPort, RemoteAddress: { } remoteAddress, RemotePort: { } remotePort })
            return [];
        EndpointText local = new(localAddress, localPort), remote = new(remoteAddress, remotePort);
        ConnectionClose[] begun = [.. (_records.GetOrNull((local, remote)) ?? []).Concat(_records.GetOrNull((remote, local)) ?? [])
            .Where(record => record.StartTime - Slack <= failure.Time).OrderBy(record => record.StartTime)];
        ConnectionClose[] open = [.. begun.Where(record => failure.Time <= record.EndTime + Slack)];
        return open.Length > 0 ? open : begun.TakeLast(1);
    }

    private TracedFailure Join(TracedFailure failure, ConnectionClose record)
    {
        (Cause cause, Confidence confidence) = RefinedCause.Of(record, failure.Cause, failure.Confidence, _probes.GetOrNull(record.ClientAddress) > 1);
        string packets = string.Create(CultureInfo.InvariantCulture, $"packets: stream {record.Stream}, {record.Sequence}: {record.Cause} ({record.Confidence})");
        bool isOfPackets = cause != failure.Cause;
        return failure with
        {
            Cause = cause,
            Confidence = confidence,
            Explanation = isOfPackets ? $"{failure.Explanation} According to its packets: {record.Explanation}" : failure.Explanation,
            Advice = isOfPackets ? record.Advice : failure.Advice,
            Evidence = [.. failure.Evidence, packets],
            Connection = record,
        };
    }
}
