using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>How a stretch of sequence numbers relates to what was seen before.</summary>
internal enum Arrival : byte
{
    /// <summary>Exactly the next bytes.</summary>
    InOrder,

    /// <summary>Bytes never seen, but not the next ones: something before them is missing, or they fill such a hole.</summary>
    New,

    /// <summary>Every byte had been seen.</summary>
    Repeated,
}

/// <summary>
/// The sequence numbers one side has been seen to send: from the first to the highest, less the holes. Holes exist where the
/// capture missed a segment or saw it later; most connections have none, and then this is two numbers.
/// </summary>
internal struct SequenceSpace
{
    /// <summary>Holes remembered for a side; where there are more, the oldest is taken for filled.</summary>
    private const int MaxHoles = 32;

    private List<(uint Start, uint End)>? _holes;

    /// <summary>The lowest number seen.</summary>
    public uint First { get; private set; }

    /// <summary>One past the highest number seen: SYN, FIN and every payload byte count.</summary>
    public uint Next { get; private set; }

    public bool IsKnown { get; private set; }

    public readonly bool HasHoles => _holes is not null;

    /// <summary>Where the numbers cannot have been seen before: the first segment, or a SYN that starts anew.</summary>
    public void Begin(uint first, uint next)
    {
        First = first;
        Next = next;
        IsKnown = true;
        _holes = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Arrival Add(uint start, uint end)
    {
        if (start == Next && IsKnown && _holes is null)
        {
            Next = end;
            return Arrival.InOrder;
        }

        return AddSlowly(start, end);
    }

    /// <summary>The hole with the lowest number. False if there is none.</summary>
    public readonly bool TryGetFirstHole(out uint start, out uint end)
    {
        (start, end) = (0, 0);
        if (_holes is null)
            return false;
        (start, end) = _holes[0];
        foreach ((uint holeStart, uint holeEnd) in _holes)
        {
            if (SequenceNumber.IsAfter(start, holeStart))
                (start, end) = (holeStart, holeEnd);
        }

        return true;
    }

    /// <summary>Whether a hole has a number at or after another one.</summary>
    public readonly bool HasHoleAfter(uint number)
    {
        foreach ((_, uint end) in _holes ?? [])
        {
            if (SequenceNumber.IsAfter(end, number))
                return true;
        }

        return false;
    }

    /// <summary>How many holes begin in a stretch of numbers.</summary>
    public readonly int CountHoles(uint from, uint to)
    {
        int count = 0;
        foreach ((uint start, _) in _holes ?? [])
            count += SequenceNumber.IsAtOrAfter(start, from) && SequenceNumber.IsAfter(to, start) ? 1 : 0;
        return count;
    }

    private Arrival AddSlowly(uint start, uint end)
    {
        if (!IsKnown)
        {
            Begin(start, end);
            return Arrival.InOrder;
        }

        if (SequenceNumber.IsAtOrAfter(start, Next))
        {
            Arrival arrival = start == Next ? Arrival.InOrder : Arrival.New;
            if (start != Next)
                AddHole(Next, start);
            Next = end;
            return arrival;
        }

        bool isNew = FillHoles(start, end);
        if (SequenceNumber.IsAfter(First, start))
        {
            // Before all that was seen: the capture began here, or these came late.
            if (SequenceNumber.IsAfter(First, end))
                AddHole(end, First);
            First = start;
            isNew = true;
        }

        if (SequenceNumber.IsAfter(end, Next))
        {
            Next = end;
            isNew = true;
        }

        return isNew ? Arrival.New : Arrival.Repeated;
    }

    private void AddHole(uint start, uint end)
    {
        _holes ??= new List<(uint, uint)>(2);
        _holes.Add((start, end));
        ForgetOldest();
    }

    private readonly void ForgetOldest()
    {
        if (_holes!.Count > MaxHoles)
            _holes.RemoveRange(0, _holes.Count - MaxHoles);
    }

    /// <summary>Takes a stretch out of the holes; true where any of it was missing.</summary>
    private bool FillHoles(uint start, uint end)
    {
        if (_holes is null)
            return false;
        bool filled = false;
        for (int i = _holes.Count - 1; i >= 0; i--)
        {
            (uint holeStart, uint holeEnd) = _holes[i];
            if (SequenceNumber.IsAtOrAfter(start, holeEnd) || SequenceNumber.IsAtOrAfter(holeStart, end))
                continue;
            filled = true;
            _holes.RemoveAt(i);
            if (SequenceNumber.IsAfter(holeEnd, end))
                _holes.Insert(i, (end, holeEnd));
            if (SequenceNumber.IsAfter(start, holeStart))
                _holes.Insert(i, (holeStart, start));
        }

        ForgetOldest(); // a stretch in the middle of a hole makes two of it
        if (_holes.Count == 0)
            _holes = null;
        return filled;
    }
}
