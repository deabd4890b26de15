using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// The open connections. Finds the one a segment belongs to, hands over those that are final, and keeps within its bounds:
/// memory follows what is open, not what was captured.
/// </summary>
internal sealed class ConnectionTable
{
    /// <summary>Enough for the cache misses of a batch to overlap, few enough to stay in the nearest cache.</summary>
    public const int LookedUpTogether = 32;

    private readonly Reusable<Connection> _pool;
    private readonly PayloadTexts? _texts;
    private readonly int _maxConnections;
    private readonly int _maxLingering;
    private readonly long _linger;
    private readonly CloseMoments _moments = new();
    private readonly Queue<Connection> _finished = new();
    private readonly Queue<(Connection Connection, int Stream, long Due)> _lingering = new();
    private ActivityList? _byActivity; // only when the table is half full
    private Connection?[] _buckets = new Connection?[1024];
    private int _count;
    private int _streams;
    private CaptureClock _clock = new();
    private CaptureClock _segments = new(); // by the segments alone: the same for a file and for packets handed over
    private readonly DuplicateFilter _duplicates = new();
    private readonly AttemptTable _attempts = new();
    private readonly TimestampTable _timestamps = new();
    private long _nextDue = long.MaxValue;
    private readonly HashSecret _secret = HashSecret.Create();
    private readonly uint[] _hashes = new uint[LookedUpTogether];
    private uint _touched; // kept, or the compiler might leave the reading out

    /// <param name="maxConnections">Connections held at once; the least recently active one gives way.</param>
    /// <param name="linger">How long (capture time, nanoseconds) a closed connection waits for stragglers.</param>
    /// <param name="maxLingering">How many wait at once; where more have closed, the one that closed first is final.</param>
    /// <param name="pool">Where connections come from.</param>
    /// <param name="texts">The texts that segments refer to; null if none does.</param>
    public ConnectionTable(int maxConnections, long linger, int maxLingering, Reusable<Connection> pool, PayloadTexts? texts = null)
    {
        _texts = texts;
        _pool = pool;
        _maxConnections = maxConnections;
        _linger = linger;
        _maxLingering = maxLingering;
    }

    /// <summary>Connections held now.</summary>
    public int Count => _count;

    /// <summary>Connections given up to keep within the bound.</summary>
    public long Evicted { get; private set; }

    /// <summary>The first stream number that may differ from Wireshark's: that of the first connection after one was given up.</summary>
    public int FirstOwnStream { get; private set; } = int.MaxValue;

    /// <summary>Connections in the fullest bucket; an even table has few in each.</summary>
    internal int LongestChain => _buckets.Max(head =>
    {
        int length = 0;
        for (Connection? connection = head; connection is not null; connection = connection.Chain)
            length++;
        return length;
    });

    public bool HasFinished => _finished.Count > 0;

    /// <summary>Takes the next final connection.</summary>
    public bool TryTake(out Connection? connection) => _finished.TryDequeue(out connection);

    /// <summary>Takes in segments, at most <see cref="LookedUpTogether"/> of them.</summary>
    public void Observe(ReadOnlySpan<Segment> segments)
    {
        Anticipate(segments);
        for (int i = 0; i < segments.Length; i++)
        {
            ref readonly Segment segment = ref segments[i];
            if (segment.IsQuoted)
                ObserveQuoted(segment, _hashes[i]);
            else
                Observe(segment, _hashes[i]);
        }
    }

    /// <summary>Takes in one segment. Returns its connection, or null for a segment quoted in an ICMP error that belongs to none.</summary>
    public Connection? Observe(in Segment s)
    {
        uint hash = FlowKey.Of(s, out _).Hash(_secret);
        return s.IsQuoted ? ObserveQuoted(s, hash) : Observe(s, hash);
    }

    /// <summary>
    /// Brings the connections of the segments to come into the processor's cache. Of thousands open at once hardly one is there when
    /// its turn comes; looked at one after the other, each would wait for memory alone.
    /// </summary>
    private void Anticipate(ReadOnlySpan<Segment> segments)
    {
        uint touched = 0;
        uint mask = (uint)(_buckets.Length - 1);
        for (int i = 0; i < segments.Length; i++)
        {
            _hashes[i] = FlowKey.Of(segments[i], out _).Hash(_secret);
            touched += _buckets[_hashes[i] & mask] is null ? 0u : 1;
        }

        for (int i = 0; i < segments.Length; i++)
            touched += _buckets[_hashes[i] & mask]?.Touch() ?? 0;
        _touched = touched;
    }

    private Connection Observe(in Segment s, uint hash)
    {
        FlowKey key = FlowKey.Of(s, out int sender);
        Recurrence recurrence = _duplicates.Observe(s, hash, sender, out byte firstTimeToLive);
        Connection connection = Find(key, hash) ?? Add(key, hash);
        if (recurrence != Recurrence.None && connection.IsDuplicate(s, sender, recurrence))
        {
            connection.ObserveDuplicate(s, sender, firstTimeToLive);
            return connection;
        }

        if (connection.Side(sender).BeginsAnother(s))
        {
            connection.IsReplaced = true;
            Finish(connection);
            connection = Add(key, hash);
        }

        _byActivity?.Touch(connection);
        bool wasClosed = connection.IsClosed;
        bool hadBegun = connection.Close.HasBegun;
        connection.HoldsText |= s.HoldsText;
        connection.Observe(s, sender, s.TextAt == 0 ? null : _texts?[s.TextAt]);
        if (!hadBegun && connection.Close.HasBegun)
            _moments.Add(connection, s);
        if (s.Has(TcpFlags.Syn))
        {
            _attempts.Observe(connection, s, sender);
            _timestamps.Observe(connection, s);
        }

        _clock.Observe(s.Time);
        _segments.Observe(s.Time);
        if (connection.IsClosed)
        {
            connection.QuietSince = _clock.Elapsed;
            if (!wasClosed)
                Linger(connection);
        }

        if (_clock.Elapsed >= _nextDue || _lingering.Count > _maxLingering)
            EndLingering();
        return connection;
    }

    /// <summary>
    /// A segment quoted in an ICMP error. Wireshark gives an unknown one a stream number of its own, so a place is kept for it;
    /// it becomes a record only if segments of it follow.
    /// </summary>
    private Connection? ObserveQuoted(in Segment s, uint hash)
    {
        FlowKey key = FlowKey.Of(s, out int sender);
        Connection? connection = Find(key, hash);
        if (connection is null && s.HasFlags)
            connection = Add(key, hash);
        if (_duplicates.Observe(s, hash, sender, out _) == Recurrence.None)
            connection?.ObserveQuoted(s, sender);
        return connection;
    }

    /// <summary>Every segment up to this time (nanoseconds since 1970) has been observed: closed connections whose time is over are final.</summary>
    public void PassTime(long now)
    {
        _clock.Observe(now);
        if (_clock.Elapsed >= _nextDue)
            EndLingering();
    }

    /// <summary>The capture has ended: everything is final, in the order of the streams.</summary>
    public void Flush()
    {
        _byActivity = null;
        foreach (Connection connection in All().OrderBy(c => c.Stream).ToList())
            Finish(connection);
        _lingering.Clear();
    }

    private IEnumerable<Connection> All()
    {
        foreach (Connection? head in _buckets)
        {
            for (Connection? connection = head; connection is not null; connection = connection.Chain)
                yield return connection;
        }
    }

    private Connection? Find(in FlowKey key, uint hash)
    {
        Connection? connection = _buckets[hash & (uint)(_buckets.Length - 1)];
        while (connection is not null && (connection.Hash != hash || connection.Key != key))
            connection = connection.Chain;
        return connection;
    }

    private Connection Add(in FlowKey key, uint hash)
    {
        if (_count >= _maxConnections)
            Evict();
        if (_count >= _buckets.Length)
            Grow();
        if (_count == _maxConnections / 2)
            _byActivity ??= ActivityList.Of(All());
        Connection connection = _pool.Take();
        connection.Begin(key, hash, _streams++);
        connection.IsInTable = true;
        ref Connection? bucket = ref _buckets[connection.Hash & (uint)(_buckets.Length - 1)];
        connection.Chain = bucket;
        bucket = connection;
        _count++;
        _byActivity?.Add(connection);
        return connection;
    }

    private void Evict()
    {
        Connection victim = _byActivity!.Oldest!;
        victim.IsEvicted = !victim.IsClosed;
        Evicted += victim.IsEvicted ? 1 : 0;
        if (FirstOwnStream == int.MaxValue)
            FirstOwnStream = _streams;
        Finish(victim);
    }

    private void Finish(Connection connection)
    {
        ref Connection? link = ref _buckets[connection.Hash & (uint)(_buckets.Length - 1)];
        while (!ReferenceEquals(link, connection))
            link = ref link!.ChainReference;
        link = connection.Chain;
        connection.Chain = null;
        _count--;
        _byActivity?.Remove(connection);
        connection.IsInTable = false;
        connection.FinalSince = _segments.Now;
        if (connection.HasSegments)
            _finished.Enqueue(connection);
        else
            _pool.Put(connection);
    }

    private void Linger(Connection connection)
    {
        long due = connection.QuietSince + _linger;
        _lingering.Enqueue((connection, connection.Stream, due));
        if (_lingering.Count == 1)
            _nextDue = due;
    }

    private void EndLingering()
    {
        while (_lingering.TryPeek(out (Connection Connection, int Stream, long Due) next) && (next.Due <= _clock.Elapsed || _lingering.Count > _maxLingering))
        {
            _lingering.Dequeue();
            Connection connection = next.Connection;
            bool isThatOne = connection.IsInTable && connection.Stream == next.Stream; // else a new SYN took its place
            if (!isThatOne || !connection.IsClosed)
                continue; // or the RST turned out not to be its end
            if (connection.QuietSince + _linger > _clock.Elapsed && _lingering.Count < _maxLingering)
                _lingering.Enqueue((connection, next.Stream, connection.QuietSince + _linger)); // stragglers came
            else
                Finish(connection);
        }

        _nextDue = _lingering.TryPeek(out (Connection, int, long Due) first) ? first.Due : long.MaxValue;
    }

    private void Grow()
    {
        Connection?[] old = _buckets;
        _buckets = new Connection?[old.Length * 2];
        foreach (Connection? head in old)
        {
            for (Connection? connection = head; connection is not null;)
            {
                Connection? next = connection.Chain;
                ref Connection? bucket = ref _buckets[connection.Hash & (uint)(_buckets.Length - 1)];
                connection.Chain = bucket;
                bucket = connection;
                connection = next;
            }
        }
    }
}
