using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Keeps closed connections in the order in which they become final. If a connection had no further segments, the queue returns it without reading
/// its memory, which is no longer in the processor's cache: only the thread that makes its record reads it.
/// </summary>
internal sealed class LingeringQueue
{
    /// <summary>A value in place of a time: the connection has changed, so it must be read.</summary>
    private const long Changed = long.MinValue;

    private Entry[] _ring = new Entry[64];
    private int _first;
    private uint _taken; // the number of the first entry

    public int Count { get; private set; }

    /// <summary>The time when the first entry is due, by the table's clock; <see cref="long.MaxValue"/> if there is none.</summary>
    public long NextDue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Count > 0 ? _ring[_first].Due : long.MaxValue;
    }

    /// <summary>Adds a connection, and returns its number for <see cref="Note"/>.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="due">The time when it is due, by the table's clock.</param>
    public uint Enqueue(Connection connection, long due)
    {
        if (Count == _ring.Length)
            Grow();
        uint number = _taken + (uint)Count;
        _ring[At(Count)] = new Entry(connection, connection.Hash, number, due, due);
        Count++;
        return number;
    }

    /// <summary>Notes that the connection with a number has changed.</summary>
    public void Note(uint number)
    {
        uint index = number - _taken;
        if (index < (uint)Count)
            _ring[At((int)index)].Postponed = Changed;
    }

    /// <summary>Postpones the connection with a number, because a late segment came. Its place in the queue stays the same.</summary>
    public void Postpone(uint number, long due)
    {
        uint index = number - _taken;
        if (index < (uint)Count)
            _ring[At((int)index)].Postponed = due;
    }

    /// <summary>Removes and returns the first entry.</summary>
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

    /// <summary>A connection in its state when it closed.</summary>
    /// <param name="Connection">The object. If <see cref="HasChanged"/>, it may hold another connection by now.</param>
    /// <param name="Hash">Its hash.</param>
    /// <param name="Number">The value that <see cref="Enqueue"/> returned.</param>
    /// <param name="Due">The time when it is due, by the table's clock.</param>
    /// <param name="Postponed">The time when it is due after the newest late segment; <see cref="Changed"/> if something else happened.</param>
    public record struct Entry(Connection Connection, uint Hash, uint Number, long Due, long Postponed)
    {
        /// <summary>Whether it has changed since. A late segment with the same time as its last segment does not count as a change.</summary>
        public readonly bool HasChanged => Postponed != Due;
    }
}
