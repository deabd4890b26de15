using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// The sequence numbers one side has been seen to send: from the first to the highest, less the gaps. There are gaps if the
/// capture missed a segment or saw it later; most connections have none, and then this is two numbers.
/// </summary>
internal struct SequenceSpace
{
    /// <summary>Gaps remembered for a side; if there are more, the oldest is taken for filled.</summary>
    private const int MaxGaps = 32;

    /// <summary>The list of a side without gaps; nothing is ever added to it.</summary>
    private static readonly List<(uint Start, uint End)> NoGaps = [];

    // Null until a number is known.
    private List<(uint Start, uint End)>? _gaps;

    /// <summary>The lowest number seen.</summary>
    public uint First { get; private set; }

    /// <summary>One past the highest number seen: SYN, FIN and every payload byte count.</summary>
    public uint Next { get; private set; }

    public readonly bool IsKnown => _gaps is not null;

    public readonly bool HasGaps => _gaps is { Count: > 0 };

    /// <summary>Sequence numbers that cannot have been seen before: the first segment, or a SYN that starts anew.</summary>
    public void Begin(uint first, uint next)
    {
        First = first;
        Next = next;
        _gaps = NoGaps;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Arrival Add(uint start, uint end)
    {
        if (start == Next && _gaps is { Count: 0 })
        {
            Next = end;
            return Arrival.InOrder;
        }

        return AddSlowly(start, end);
    }

    /// <summary>The gap with the lowest number. Returns false if there is none.</summary>
    public readonly bool TryGetFirstGap(out uint start, out uint end)
    {
        (start, end) = (0, 0);
        if (_gaps is not { Count: > 0 })
            return false;
        (start, end) = _gaps[0];
        foreach ((uint holeStart, uint holeEnd) in _gaps)
        {
            if (SequenceNumber.IsAfter(start, holeStart))
                (start, end) = (holeStart, holeEnd);
        }

        return true;
    }

    /// <summary>Whether a gap has a number at or after another one.</summary>
    public readonly bool HasGapAfter(uint number)
    {
        foreach ((_, uint end) in _gaps ?? [])
        {
            if (SequenceNumber.IsAfter(end, number))
                return true;
        }

        return false;
    }

    /// <summary>How many gaps begin in a stretch of numbers.</summary>
    public readonly int CountGaps(uint from, uint to)
    {
        int count = 0;
        foreach ((uint start, _) in _gaps ?? [])
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
                AddGap(Next, start);
            Next = end;
            return arrival;
        }

        bool isNew = FillGaps(start, end);
        if (SequenceNumber.IsAfter(First, start))
        {
            // Before all numbers seen: the capture began here, or these came late.
            if (SequenceNumber.IsAfter(First, end))
                AddGap(end, First);
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

    private void AddGap(uint start, uint end)
    {
        if (ReferenceEquals(_gaps, NoGaps))
            _gaps = new List<(uint, uint)>(2);
        _gaps!.Add((start, end));
        ForgetOldest();
    }

    private readonly void ForgetOldest()
    {
        if (_gaps!.Count > MaxGaps)
            _gaps.RemoveRange(0, _gaps.Count - MaxGaps);
    }

    /// <summary>Takes a stretch out of the gaps; returns true if any of it was missing.</summary>
    private bool FillGaps(uint start, uint end)
    {
        if (!HasGaps)
            return false;
        bool filled = false;
        for (int i = _gaps!.Count - 1; i >= 0; i--)
        {
            (uint holeStart, uint holeEnd) = _gaps[i];
            if (SequenceNumber.IsAtOrAfter(start, holeEnd) || SequenceNumber.IsAtOrAfter(holeStart, end))
                continue;
            filled = true;
            _gaps.RemoveAt(i);
            if (SequenceNumber.IsAfter(holeEnd, end))
                _gaps.Insert(i, (end, holeEnd));
            if (SequenceNumber.IsAfter(start, holeStart))
                _gaps.Insert(i, (holeStart, start));
        }

        ForgetOldest(); // a stretch in the middle of a gap makes two of it
        if (_gaps.Count == 0)
            _gaps = NoGaps;
        return filled;
    }
}
