namespace BrokenPipeTools.Connections;

/// <summary>
/// Closed connections in the order in which they become final. A connection without further segments is not read when its turn comes:
/// it left the processor's cache long ago, and only the thread that makes its record needs it.
/// </summary>
internal sealed class LingeringQueue
{
    /// <summary>A value in place of a time: the connection has changed and must be read.</summary>
    private const long Changed = long.MinValue;

    private Entry[] _ring = new Entry[64];
    private int _first;
    private uint _taken; // the number of the first one

    public int Count { get; private set; }

    /// <summary>When the first one is due, by the table's clock; <see cref="long.MaxValue"/> if there is none.</summary>
    public long NextDue => Count > 0 ? _ring[_first].Due : long.MaxValue;

    /// <summary>Adds a connection, and returns its number for <see cref="Note"/>.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="due">When it is due, by the table's clock.</param>
    public uint Enqueue(Connection connection, long due)
    {
        if (Count == _ring.Length)
            Grow();
        uint number = _taken + (uint)Count;
        _ring[At(Count)] = new Entry(connection, connection.Hash, number, due, due);
        Count++;
        return number;
    }

    /// <summary>Notes that something happened to the connection of a number.</summary>
    public void Note(uint number)
    {
        uint index = number - _taken;
        if (index < (uint)Count)
            _ring[At((int)index)].Postponed = Changed;
    }

    /// <summary>Notes when the connection of a number is due now, because a late segment came. Its place in the queue stays.</summary>
    public void Postpone(uint number, long due)
    {
        uint index = number - _taken;
        if (index < (uint)Count)
            _ring[At((int)index)].Postponed = due;
    }

    /// <summary>Removes and returns the first one.</summary>
    public Entry Dequeue()
    {
        Entry entry = _ring[_first];
        _ring[_first] = default;
        _first = At(1);
        _taken++;
        Count--;
        return entry;
    }

    public void Clear()
    {
        Array.Clear(_ring);
        _taken += (uint)Count;
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

    /// <summary>A connection as it was when it closed.</summary>
    /// <param name="Connection">The object; it may hold another connection by now if <see cref="HasChanged"/>.</param>
    /// <param name="Hash">Its hash.</param>
    /// <param name="Number">The value that <see cref="Enqueue"/> returned.</param>
    /// <param name="Due">When it is due, by the table's clock.</param>
    /// <param name="Postponed">When it is due after the newest late segment; <see cref="Changed"/> if something else happened.</param>
    public record struct Entry(Connection Connection, uint Hash, uint Number, long Due, long Postponed)
    {
        /// <summary>It has changed since; a late segment with the same time as its last segment does not count.</summary>
        public readonly bool HasChanged => Postponed != Due;
    }
}
