using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Finds connections by their key: a hash table with open addressing and linear probing, at most five eighths full. Each hash is stored beside its
/// connection, so that no other connection need be read.
/// </summary>
internal sealed class ConnectionMap
{
    private Slot[] _slots = new Slot[2048];

    public int Count { get; private set; }

    /// <summary>All connections, in no particular order.</summary>
    public IEnumerable<Connection> All => _slots.Where(slot => slot.Connection is not null).Select(slot => slot.Connection!);

    /// <summary>The number of slots that the longest search reads; small if the hashes are evenly distributed.</summary>
    public int LongestSearch => All.Max(connection => (int)((SlotOf(connection, connection.Hash) - connection.Hash) & Mask(_slots)) + 1);

    /// <summary>Prefetches the slot of a hash that will be searched soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint hash) => Connections.Prefetch.Line(ref Unsafe.As<Slot, byte>(ref _slots[hash & Mask(_slots)]));

    /// <summary>Returns the first connection with a hash, which is nearly always the right one; null if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Connection? Guess(uint hash)
    {
        Slot[] slots = _slots;
        uint at = hash & Mask(slots);
        while (slots[at].Hash != hash && slots[at].Connection is not null)
            at = (at + 1) & Mask(slots);
        return slots[at].Connection;
    }

    /// <summary>Returns the connection that a segment belongs to; null if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Connection? Find(in Segment s, in SegmentFlow flow)
    {
        Slot[] slots = _slots;
        for (uint at = flow.Hash & Mask(slots); slots[at].Connection is { } connection; at = (at + 1) & Mask(slots))
        {
            if (slots[at].Hash == flow.Hash && connection.HasEndpointsOf(s, flow.Sender))
                return connection;
        }

        return null;
    }

    /// <summary>Adds a connection whose key is not in the table.</summary>
    public void Add(Connection connection)
    {
        if (Count * 8L >= _slots.Length * 5L)
            Grow();
        Insert(_slots, new Slot(connection, connection.Hash));
        Count++;
    }

    /// <summary>Returns whether an object is a connection of the table. The object may have been reused for another connection.</summary>
    public bool Holds(Connection connection) => _slots[SlotOf(connection, connection.Hash)].Connection is not null;

    /// <summary>Removes a connection, and moves the ones after it whose own slots have become free.</summary>
    /// <param name="connection">The connection. It is only compared; its fields are not read.</param>
    /// <param name="hash">Its hash.</param>
    public void Remove(Connection connection, uint hash)
    {
        Slot[] slots = _slots;
        uint free = SlotOf(connection, hash);
        for (uint at = (free + 1) & Mask(slots); slots[at].Connection is not null; at = (at + 1) & Mask(slots))
        {
            uint fromHome = (at - slots[at].Hash) & Mask(slots);
            uint fromFree = (at - free) & Mask(slots);
            if (fromHome < fromFree)
                continue;
            slots[free] = slots[at];
            free = at;
        }

        slots[free] = default;
        Count--;
    }

    private static uint Mask(Slot[] slots) => (uint)(slots.Length - 1);

    /// <summary>Returns the slot of a connection; an empty one if it is not there.</summary>
    private uint SlotOf(Connection connection, uint hash)
    {
        uint at = hash & Mask(_slots);
        while (_slots[at].Connection is { } other && !ReferenceEquals(other, connection))
            at = (at + 1) & Mask(_slots);
        return at;
    }

    private void Grow()
    {
        Slot[] larger = new Slot[_slots.Length * 2];
        foreach (Slot slot in _slots)
        {
            if (slot.Connection is not null)
                Insert(larger, slot);
        }

        _slots = larger;
    }

    private static void Insert(Slot[] slots, in Slot slot)
    {
        uint at = slot.Hash & Mask(slots);
        while (slots[at].Connection is not null)
            at = (at + 1) & Mask(slots);
        slots[at] = slot;
    }

    private readonly record struct Slot(Connection? Connection, uint Hash);
}
