using System.Runtime.CompilerServices;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Holds the open connections: finds the one that a segment belongs to, returns those that are final, and keeps within its bounds. Memory depends on
/// the number of open connections, not on the size of the capture.
/// </summary>
internal sealed class ConnectionTable
{
    /// <summary>Segments whose connections are looked up together: enough that the cache misses of a batch overlap, few enough for the first-level cache.</summary>
    public const int LookedUpTogether = 32;

    private readonly ConnectionPool _pool;
    private readonly PayloadTexts? _texts;
    private readonly int _maxConnections;
    private readonly int _maxLingering;
    private readonly long _linger;
    private readonly CloseMoments _moments;
    private readonly Queue<FinalConnection> _finished = new();
    private readonly LingeringQueue _lingering = new();
    private readonly ConnectionMap _map = new();
    private ActivityList? _byActivity; // made when the table is half full
    private int _streams;
    private CaptureClock _clock = new();
    private CaptureClock _segments = new(); // counts only by the times of segments, so that it is the same for a file and for packets handed over
    private readonly AttemptTable _attempts;
    private readonly TimestampTable _timestamps = new();

    /// <param name="maxConnections">Connections held at the same time. If there are more, the least recently active one is removed.</param>
    /// <param name="linger">How long (capture time, nanoseconds) a closed connection waits for late segments.</param>
    /// <param name="maxLingering">Closed connections that wait at the same time. If there are more, the one that closed first becomes final.</param>
    /// <param name="pool">The pool that connections are taken from.</param>
    /// <param name="texts">The texts that segments refer to; null if there are none.</param>
    public ConnectionTable(int maxConnections, long linger, int maxLingering, ConnectionPool pool, PayloadTexts? texts = null)
    {
        _texts = texts;
        _pool = pool;
        _maxConnections = maxConnections;
        _linger = linger;
        _maxLingering = maxLingering;
        _moments = new CloseMoments(_map);
        _attempts = new AttemptTable(_map);
    }

    /// <summary>Connections held now.</summary>
    public int Count => _map.Count;

    /// <summary>Connections removed to keep within the bound.</summary>
    public long Evicted { get; private set; }

    /// <summary>The first stream number that may differ from Wireshark's: that of the first connection after one was removed.</summary>
    public int FirstOwnStream { get; private set; } = int.MaxValue;

    /// <inheritdoc cref="ConnectionMap.LongestSearch"/>
    internal int LongestSearch => _map.LongestSearch;

    public bool HasFinished => _finished.Count > 0;

    /// <summary>Takes the next final connection.</summary>
    public bool TryTake(out FinalConnection final) => _finished.TryDequeue(out final);

    /// <summary>Adds segments, at most <see cref="LookedUpTogether"/> of them.</summary>
    /// <param name="segments">The segments.</param>
    /// <param name="flows">The flow of each of them.</param>
    public void Observe(ReadOnlySpan<Segment> segments, ReadOnlySpan<SegmentFlow> flows)
    {
        Anticipate(segments, flows);
        for (int i = 0; i < segments.Length; i++)
        {
            ref readonly Segment segment = ref segments[i];
            if (segment.IsQuoted)
                ObserveQuoted(segment, flows[i]);
            else
                ObserveOwn(segment, flows[i]);
        }
    }

    /// <summary>Adds one segment. Returns its connection, or null for a segment quoted in an ICMP error that belongs to no connection.</summary>
    public Connection? Observe(in Segment s, in SegmentFlow flow) => s.IsQuoted ? ObserveQuoted(s, flow) : ObserveOwn(s, flow);

    /// <summary>
    /// Prefetches the memory of the connections of the next segments. With thousands of open connections, hardly any is in the processor's cache when
    /// its segment comes; without prefetching, the thread would wait for the memory of each.
    /// </summary>
    private void Anticipate(ReadOnlySpan<Segment> segments, ReadOnlySpan<SegmentFlow> flows)
    {
        foreach (ref readonly SegmentFlow flow in flows)
            _map.Prefetch(flow.Hash);
        int others = 0;
        Expected expected = default;
        for (int i = 0; i < flows.Length; i++)
        {
            Connection? connection = _map.Guess(flows[i].Hash) ?? _pool.Expect(others++);
            expected[i] = connection;
            if (connection is not null)
                Prefetch.Fields(connection);
        }

        for (int i = 0; i < segments.Length; i++)
            expected[i]?.PrefetchLog(segments[i]);
    }

    /// <summary>The connections that segments probably belong to. On the stack, because storing a reference in an array takes longer.</summary>
    [InlineArray(LookedUpTogether)]
    private struct Expected
    {
        private Connection? _first;
    }

    /// <param name="s">The segment; not one that an ICMP error quotes.</param>
    /// <param name="flow">Its flow.</param>
    private Connection ObserveOwn(in Segment s, in SegmentFlow flow)
    {
        int sender = flow.Sender;
        Connection connection = _map.Find(s, flow) ?? Add(s, flow);
        if (flow.Recurrence != Recurrence.None && connection.IsDuplicate(s, sender, flow.Recurrence))
        {
            connection.ObserveDuplicate(s, sender, flow.FirstTimeToLive);
            return connection;
        }

        if (connection.Side(sender).BeginsAnother(s))
        {
            connection.IsReplaced = true;
            Finish(connection);
            connection = Add(s, flow);
        }

        _byActivity?.MoveToNewest(connection);
        bool wasClosed = connection.IsClosed;
        bool hadBegun = connection.Close.HasBegun;
        connection.HoldsText |= s.HoldsText;
        connection.Observe(s, sender, s.TextAt == 0 ? null : _texts?[s.TextAt]);
        if (!hadBegun && connection.Close.HasBegun)
            _moments.Add(connection, s);
        if (s.Has(TcpFlags.Syn))
        {
            if ((s.Lacks & FrameLacks.AbsoluteNumbers) == 0)
                _attempts.Observe(connection, s, sender);
            _timestamps.Observe(connection, s);
        }

        _clock.Observe(s.Time);
        _segments.Observe(s.Time);
        switch (wasClosed, connection.IsClosed)
        {
            case (true, true):
                _lingering.Postpone(connection.LingeringNumber, _clock.Elapsed + _linger);
                break;
            case (true, false): // the RST turned out not to end the connection
                _lingering.Note(connection.LingeringNumber);
                break;
            case (false, true):
                Linger(connection, _clock.Elapsed + _linger);
                break;
        }

        if (_clock.Elapsed >= _lingering.NextDue || _lingering.Count > _maxLingering)
            EndLingering();
        return connection;
    }

    /// <summary>
    /// Adds a segment quoted in an ICMP error. Wireshark gives a stream number also to an unknown one, so a number is reserved for it; it becomes a
    /// record only if segments of it follow.
    /// </summary>
    private Connection? ObserveQuoted(in Segment s, in SegmentFlow flow)
    {
        Connection? connection = _map.Find(s, flow);
        if (connection is null && s.HasFlags)
            connection = Add(s, flow);
        if (flow.Recurrence == Recurrence.None)
            connection?.ObserveQuoted(s, flow.Sender);
        return connection;
    }

    /// <summary>
    /// Notes that every segment up to this time (nanoseconds since 1970) has been observed: closed connections whose waiting time is over become
    /// final.
    /// </summary>
    public void PassTime(long now)
    {
        _clock.Observe(now);
        if (_clock.Elapsed >= _lingering.NextDue)
            EndLingering();
    }

    /// <summary>Ends the capture: all connections become final, in the order of their streams.</summary>
    public void Flush()
    {
        _byActivity = null;
        List<Connection> open = [.. _map.All.OrderBy(c => c.Stream)];
        _finished.EnsureCapacity(open.Count);
        foreach (Connection connection in open)
            Finish(connection);
        _lingering.Clear();
    }

    private Connection Add(in Segment s, in SegmentFlow flow)
    {
        if (_map.Count >= _maxConnections)
            Evict();
        if (_map.Count == _maxConnections / 2)
            _byActivity ??= ActivityList.Of(_map.All);
        Connection connection = _pool.Rent();
        connection.Begin(FlowKey.Of(s, flow.Sender), flow.Hash, _streams++);
        _map.Add(connection);
        _byActivity?.Add(connection);
        return connection;
    }

    private void Evict()
    {
        Connection evicted = _byActivity!.Oldest!;
        evicted.IsEvicted = !evicted.IsClosed;
        Evicted += evicted.IsEvicted ? 1 : 0;
        if (FirstOwnStream == int.MaxValue)
            FirstOwnStream = _streams;
        Finish(evicted);
    }

    private void Finish(Connection connection)
    {
        if (connection.IsClosed)
            _lingering.Note(connection.LingeringNumber);
        if (connection.HasSegments)
        {
            Finish(connection, connection.Hash);
            return;
        }

        TakeOut(connection, connection.Hash);
        _pool.ReturnHere(connection);
    }

    /// <summary>Finishes a connection that has segments, without reading its memory.</summary>
    private void Finish(Connection connection, uint hash)
    {
        TakeOut(connection, hash);
        _finished.Enqueue(new FinalConnection(connection, _segments.Now));
    }

    private void TakeOut(Connection connection, uint hash)
    {
        _map.Remove(connection, hash);
        _byActivity?.Remove(connection);
    }

    private void Linger(Connection connection, long due) => connection.LingeringNumber = _lingering.Enqueue(connection, due);

    private void EndLingering()
    {
        while (_lingering.NextDue <= _clock.Elapsed || _lingering.Count > _maxLingering)
        {
            LingeringQueue.Entry entry = _lingering.Dequeue();
            if (entry.HasChanged)
                EndChanged(entry);
            else
                Finish(entry.Connection, entry.Hash);
        }
    }

    /// <summary>Handles a closed connection whose waiting time is over and that has changed after it had closed.</summary>
    private void EndChanged(in LingeringQueue.Entry entry)
    {
        Connection connection = entry.Connection;
        if (!_map.Holds(connection) || !connection.IsClosed || connection.LingeringNumber != entry.Number)
            return; // a new SYN took its place; or the RST turned out not to end it, and it may have closed again since
        if (entry.Postponed > _clock.Elapsed && _lingering.Count < _maxLingering)
            Linger(connection, entry.Postponed); // late segments came
        else
            Finish(connection);
    }
}
