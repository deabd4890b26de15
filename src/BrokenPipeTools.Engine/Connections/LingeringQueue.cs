namespace BrokenPipeTools.Connections;

/// <summary>Closed connections in the order in which they become final; asks for the memory of those whose turn is near.</summary>
internal sealed class LingeringQueue
{
    /// <summary>So many turns before its own a connection is asked for: memory comes within that time, and is not displaced again.</summary>
    private const int Ahead = 12;

    private Entry[] _ring = new Entry[64];
    private int _first;

    public int Count { get; private set; }

    /// <summary>When the first one is due, by the table's clock; <see cref="long.MaxValue"/> if there is none.</summary>
    public long NextDue => Count > 0 ? _ring[_first].Due : long.MaxValue;

    public void Enqueue(Connection connection, int stream, long due)
    {
        if (Count == _ring.Length)
            Grow();
        _ring[At(Count)] = new Entry(connection, stream, due);
        Count++;
    }

    /// <summary>Takes the first one, and the stream that it was when it closed: it may be another one by now.</summary>
    public (Connection Connection, int Stream) Dequeue()
    {
        if (_ring[At(Ahead)].Connection is { } soon)
            Prefetch.Fields(soon);
        if (_ring[At(Ahead / 2)].Connection is { } sooner)
            sooner.PrefetchLog();
        Entry entry = _ring[_first];
        _ring[_first] = default;
        _first = At(1);
        Count--;
        return (entry.Connection, entry.Stream);
    }

    public void Clear()
    {
        Array.Clear(_ring);
        _first = Count = 0;
    }

    private int At(int index) => (_first + index) & (_ring.Length - 1);

    private void Grow()
    {
        Entry[] larger = new Entry[_ring.Length * 2];
        for (int i = 0; i < Count; i++)
            larger[i] = _ring[At(i)];
        (_ring, _first) = (larger, 0);
    }

    private readonly record struct Entry(Connection Connection, int Stream, long Due);
}
