using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Connections;

/// <summary>
/// A bounded list of observations: it keeps the first and the last ones, and counts those left out between them.
/// </summary>
internal struct ObservationLog
{
    private const int MaxFirst = 20;
    private const int MaxLast = 12;

    /// <summary>Observations that are kept at most.</summary>
    public const int MaxKept = MaxFirst + MaxLast;

    /// <summary>The initial size, enough for SYN and SYN-ACK.</summary>
    private const int InitialCapacity = 2;

    /// <summary>The size for an ordinary connection: two SYNs, two FINs and their ACKs.</summary>
    private const int UsualCapacity = 6;

    // The first ones in their order; from MaxFirst on a ring of the last ones.
    private Observation[]? _slots;
    private int _count;

    /// <summary>How many were recorded, including those left out.</summary>
    public readonly int Count => _count;

    /// <summary>How many were left out between the first and the last ones.</summary>
    public readonly int Omitted => Math.Max(0, _count - MaxFirst - MaxLast);

    /// <summary>How many can be read with <see cref="Get(int)"/>.</summary>
    public readonly int Kept => Math.Min(_count, MaxFirst + MaxLast);

    /// <summary>Returns one of those kept; 0 is the oldest. Called often, and nearly always for one of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref readonly Observation Get(int index) => ref _slots![SlotOf(index)];

    /// <summary>Returns the observation at a place that exists.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref readonly Observation Get(LogPlace place) => ref Get(place.Index);

    /// <summary>Changes the kind of all kept observations of one kind of an end, after later packets have shown the right kind.</summary>
    public readonly void Reinterpret(int end, ObservationKind from, ObservationKind to)
    {
        for (int i = 0; i < Kept; i++)
        {
            ref Observation o = ref Unsafe.AsRef(in Get(i));
            if (o.Kind == from && o.Sender == end)
                o.Kind = to;
        }
    }

    /// <summary>Returns whether observations are missing between this index and the one before it.</summary>
    public readonly bool IsGapBefore(int index) => Omitted > 0 && index == MaxFirst;

    /// <inheritdoc cref="IsGapBefore(int)"/>
    public readonly bool IsGapBefore(LogPlace place) => IsGapBefore(place.Index);

    /// <summary>Returns the index of the n-th recorded observation, or of the first kept one after it.</summary>
    public readonly int IndexOf(int recorded) => recorded <= MaxFirst ? recorded : Math.Max(MaxFirst, recorded - Omitted);

    /// <summary>Returns the slot, below <see cref="MaxKept"/>, of an observation, as long as that is kept.</summary>
    public readonly int SlotOf(int index) => index < MaxFirst ? index : RingSlot(index + Omitted);

    /// <summary>Prefetches the memory of the next observation.</summary>
    /// <param name="isNew">True for the first observation: the log still has those of another connection.</param>
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

    /// <summary>Removes all observations; the memory is kept.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds an observation and returns it; the caller sets its fields.</summary>
    public ref Observation Add()
    {
        int slot = SlotOfRecorded(_count);
        if (_slots is null || slot == _slots.Length)
            Grow();
        _count++;
        return ref _slots![slot];
    }

    /// <summary>Returns the newest observation, to merge a following one of the same kind with it.</summary>
    public readonly ref Observation Newest() => ref _slots![SlotOfRecorded(_count - 1)];

    /// <summary>Returns the slot of the n-th recorded observation, as long as that is kept.</summary>
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
