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

    private Observation[]? _first;
    private Observation[]? _last;
    private int _count;

    /// <summary>How many were recorded, those left out included.</summary>
    public readonly int Count => _count;

    /// <summary>How many were left out between the first and the last ones.</summary>
    public readonly int Omitted => Math.Max(0, _count - MaxFirst - MaxLast);

    /// <summary>How many can be had with <see cref="Get"/>.</summary>
    public readonly int Kept => Math.Min(_count, MaxFirst + MaxLast);

    /// <summary>One of those kept, the oldest first. Asked for often, and nearly always for one of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref readonly Observation Get(int index) => ref index < MaxFirst ? ref _first![index] : ref Last(index);

    /// <summary>Gives all observations of one kind of an end another one, as far as they are kept: what came later shows that they were that.</summary>
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
    public readonly int SlotOf(int index) => index < MaxFirst ? index : MaxFirst + ((index + Omitted - MaxFirst) % MaxLast);

    /// <summary>Asks for the memory of the next observation.</summary>
    /// <param name="isNew">It will be the first one: the log is still another connection's.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void PrefetchNext(bool isNew)
    {
        int next = isNew ? 0 : _count;
        if (_first is not null && next < _first.Length)
            Prefetch.Line(ref Unsafe.As<Observation, byte>(ref _first[next]));
    }

    /// <summary>Asks for the memory of the observations that an ordinary connection has.</summary>
    public readonly void PrefetchRecorded()
    {
        for (int i = 0; _first is not null && i < _first.Length && i < UsualCapacity; i += 2)
            Prefetch.Line(ref Unsafe.As<Observation, byte>(ref _first[i]));
    }

    /// <summary>Empties the log; its room is kept.</summary>
    public void Clear() => _count = 0;

    public void Add(in Observation observation)
    {
        Slot() = observation;
        _count++;
    }

    /// <summary>The newest observation, to add to it a like one that follows.</summary>
    public readonly ref Observation Newest()
    {
        int index = _count - 1;
        return ref index < MaxFirst ? ref _first![index] : ref _last![(index - MaxFirst) % MaxLast];
    }

    private readonly ref Observation Last(int index)
    {
        int back = Kept - index; // 1 is the newest
        return ref _last![(_count - MaxFirst - back) % MaxLast];
    }

    private ref Observation Slot()
    {
        if (_count >= MaxFirst)
        {
            _last ??= new Observation[MaxLast];
            return ref _last[(_count - MaxFirst) % MaxLast];
        }

        if (_first is null)
            _first = new Observation[InitialCapacity];
        else if (_count == _first.Length)
            Array.Resize(ref _first, _first.Length < UsualCapacity ? UsualCapacity : MaxFirst);
        return ref _first[_count];
    }
}
