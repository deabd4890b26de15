using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Diagnosis.History;

/// <summary>
/// Counts how many connections one host closed, in half seconds of the capture's time. Times may go backward. Each half second is identified by its
/// number; a half second that is not stored counts as empty.
/// </summary>
internal sealed class HostMemory : IReusable
{
    private const long SlotLength = 500 * Nanoseconds.PerMillisecond;
    private const int Slots = 32;

    /// <summary>The number of slots on each side of a connection's own slot. Connections in them were closed less than a second away.</summary>
    private const int Near = 1;

    /// <summary>The number of slots around a burst in which the host must have closed few connections: ten seconds.</summary>
    private const int Around = 20;

    /// <summary>The fewest connections of a burst; fewer are often closed together by chance.</summary>
    private const int Many = 8;

    /// <summary>
    /// The largest ratio of the longest to the shortest silence in one sweep. A program that checks for idle connections at intervals closes them
    /// after silences between its limit and the limit plus the interval.
    /// </summary>
    private const int Sweep = 4;

    /// <summary>Nanoseconds. The silences of a burst must differ by more than this, because among shorter silences a factor of four means nothing.</summary>
    private const long LeastSpread = 2 * Nanoseconds.PerSecond;

    /// <summary>Nanoseconds. The host must have been observed for this time, because before that its usual behavior is unknown.</summary>
    private const long LeastObserved = 5 * Nanoseconds.PerSecond;

    private readonly Slot[] _slots = new Slot[Slots];
    private long _since = long.MaxValue;

    public void Clear()
    {
        Array.Clear(_slots);
        _since = long.MaxValue;
    }

    /// <param name="ended">A connection that this host closed.</param>
    /// <param name="began">When its first segment was seen.</param>
    public void Add(in EndedConnection ended, long began)
    {
        _since = Math.Min(_since, began);
        long number = Math.DivRem(ended.Time, SlotLength).Quotient;
        ref Slot slot = ref _slots[Index(number)];
        if (slot.Number != number || slot.Count == 0)
            slot = new Slot { Number = number, Shortest = ended.Silence, Longest = ended.Silence };
        slot.Count++;
        slot.Shortest = Math.Min(slot.Shortest, ended.Silence);
        slot.Longest = Math.Max(slot.Longest, ended.Silence);
    }

    /// <summary>Returns how many connections the host closed within a second of this one, if they are a burst; otherwise 0.</summary>
    public int Burst(in EndedConnection ended, long began)
    {
        if (ended.Time - Math.Min(_since, began) < LeastObserved)
            return 0;
        long number = Math.DivRem(ended.Time, SlotLength).Quotient;
        int near = 0, around = 0;
        long shortest = ended.Silence, longest = ended.Silence;
        foreach (ref readonly Slot slot in _slots.AsSpan())
        {
            long distance = Math.Abs(slot.Number - number);
            if (slot.Count == 0 || distance > Around)
                continue;
            if (distance > Near)
            {
                around += slot.Count;
                continue;
            }

            near += slot.Count;
            shortest = Math.Min(shortest, slot.Shortest);
            longest = Math.Max(longest, slot.Longest);
        }

        bool isSweep = longest <= LeastSpread || longest / Sweep <= shortest;

        // A burst: as many closes in a second and a half as in the ten seconds around it, which is more than six times the ordinary rate.
        return near >= Many && near >= around && !isSweep ? near : 0;
    }

    private static int Index(long number) => (int)(number & (Slots - 1));

    private struct Slot
    {
        public long Number;
        public int Count;
        public long Shortest;
        public long Longest;
    }
}
