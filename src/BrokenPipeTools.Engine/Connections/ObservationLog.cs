using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Connections;

/// <summary>
/// A bounded list of observations: the first ones and the last ones are kept, and it is known how many were left out between.
/// </summary>
internal struct ObservationLog
{
    private const int MaxFirst = 20;
    private const int MaxLast = 12;

    /// <summary>Observations that are kept at most.</summary>
    public const int MaxKept = MaxFirst + MaxLast;

    /// <summary>The initial size, enough for a quiet connection: SYN and SYN-ACK.</summary>
    private const int InitialCapacity = 2;

    /// <summary>The size for an ordinary connection at its end: two SYNs, two FINs and their ACKs.</summary>
    private const int UsualCapacity = 6;

    // The first ones in their order; from MaxFirst on a ring of the last ones.
    private Observation[]? _slots;
    private int _count;

    /// <summary>How many were recorded, those left out included.</summary>
    public readonly int Count => _count;

    /// <summary>How many were left out between the first and the last ones.</summary>
    public readonly int Omitted => Math.Max(0, _count - MaxFirst - MaxLast);

    /// <summary>How many can be had with <see cref="Get"/>.</summary>
    public readonly int Kept => Math.Min(_count, MaxFirst + MaxLast);

    /// <summary>One of those kept, the oldest first. Called often, and nearly always for one of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref readonly Observation Get(int index) => ref _slots![SlotOf(index)];

    /// <summary>Changes the kind of all kept observations of one kind of an end, after later packets have shown the right one.</summary>
    public readonly void Reinterpret(int end, ObservationKind from, ObservationKind to)
    {
        for (int i = 0; i < Kept; i++)
        {
            ref Observation o = ref Unsafe.AsRef(in Get(i));
            if (o.Kind == from && o.Sender == end)
                o.Kind = to;
        }
    }

    /// <summary>Whether the log would start leaving out: between here and <see cref="Get"/> of the newest lie omitted ones.</summary>
    public readonly bool IsGapBefore(int index) => Omitted > 0 && index == MaxFirst;

    /// <summary>The index for <see cref="Get"/> of the observation recorded as the n-th; the first after it that was kept.</summary>
    public readonly int IndexOf(int recorded) => recorded <= MaxFirst ? recorded : Math.Max(MaxFirst, recorded - Omitted);

    /// <summary>The slot, below <see cref="MaxKept"/>, that the observation of an index occupies as long as it is kept.</summary>
    public readonly int SlotOf(int index) => index < MaxFirst ? index : RingSlot(index + Omitted);

    /// <summary>Prefetches the memory of the next observation.</summary>
    /// <param name="isNew">It will be the first one: the log is still another connection's.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void PrefetchNext(bool isNew)
    {
        int next = isNew ? 0 : _count;
        if (_slots is not null && next < _slots.Length)
            Prefetch.Line(ref Unsafe.As<Observation, byte>(ref _slots[next]));
    }

    /// <summary>Prefetches the memory of the observations that an ordinary connection has.</summary>
    public readonly void PrefetchRecorded()
    {
        for (int i = 0; _slots is not null && i < _slots.Length && i < UsualCapacity; i += 2)
            Prefetch.Line(ref Unsafe.As<Observation, byte>(ref _slots[i]));
    }

    /// <summary>Empties the log; its room is kept.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds an observation; the caller fills it.</summary>
    public ref Observation Add()
    {
        int slot = SlotOfRecorded(_count);
        if (_slots is null || slot == _slots.Length)
            Grow();
        _count++;
        return ref _slots![slot];
    }

    /// <summary>The newest observation, to merge with a following one of the same kind.</summary>
    public readonly ref Observation Newest() => ref _slots![SlotOfRecorded(_count - 1)];

    /// <summary>The slot of the observation recorded as the n-th, while it is kept.</summary>
    private static int SlotOfRecorded(int recorded) => recorded < MaxFirst ? recorded : RingSlot(recorded);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RingSlot(int recorded) => MaxFirst + ((recorded - MaxFirst) % MaxLast);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        int length = _slots?.Length ?? 0;
        Array.Resize(ref _slots, length == 0 ? InitialCapacity : length < UsualCapacity ? UsualCapacity : length < MaxFirst ? MaxFirst : MaxKept);
    }
}
