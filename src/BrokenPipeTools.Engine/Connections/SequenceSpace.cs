using System.Runtime.CompilerServices;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// The sequence numbers that one side has sent as far as captured: from the first to the highest, without the gaps. There are gaps if the capture
/// missed a segment or has it later. Most connections have none, and then two numbers are enough.
/// </summary>
internal struct SequenceSpace
{
    /// <summary>The most gaps stored for a side; if there are more, the oldest one is treated as filled.</summary>
    private const int MaxGaps = 32;

    /// <summary>The list of a side without gaps; it always stays empty.</summary>
    private static readonly List<SequenceRange> NoGaps = [];

    // Null until a number is known.
    private List<SequenceRange>? _gaps;

    /// <summary>The lowest number seen.</summary>
    public SequenceNumber First { get; private set; }

    /// <summary>The number after the highest one seen: SYN, FIN and every payload byte count.</summary>
    public SequenceNumber Next { get; private set; }

    public readonly bool IsKnown => _gaps is not null;

    public readonly bool HasGaps => _gaps is { Count: > 0 };

    /// <summary>Begins with numbers that cannot have been seen before: those of the first segment, or of a SYN that begins again.</summary>
    public void Begin(SequenceNumber first, SequenceNumber next)
    {
        First = first;
        Next = next;
        _gaps = NoGaps;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Arrival Add(SequenceNumber start, SequenceNumber end)
    {
        if (start == Next && _gaps is { Count: 0 })
        {
            Next = end;
            return Arrival.InOrder;
        }

        return AddSlowly(start, end);
    }

    /// <summary>Finds the gap with the lowest number. Returns false if there is none.</summary>
    public readonly bool TryGetFirstGap(out SequenceRange first)
    {
        first = default;
        if (_gaps is not { Count: > 0 })
            return false;
        first = _gaps[0];
        foreach (SequenceRange gap in _gaps)
        {
            if (first.Start.IsAfter(gap.Start))
                first = gap;
        }

        return true;
    }

    /// <summary>Returns whether a gap has a number at or after another one.</summary>
    public readonly bool HasGapAfter(SequenceNumber number)
    {
        foreach (SequenceRange gap in _gaps ?? [])
        {
            if (gap.End.IsAfter(number))
                return true;
        }

        return false;
    }

    /// <summary>Returns how many gaps begin in a range of numbers.</summary>
    public readonly int CountGaps(SequenceNumber from, SequenceNumber to)
    {
        int count = 0;
        foreach (SequenceRange gap in _gaps ?? [])
            count += gap.Start.IsAtOrAfter(from) && to.IsAfter(gap.Start) ? 1 : 0;
        return count;
    }

    private Arrival AddSlowly(SequenceNumber start, SequenceNumber end)
    {
        if (!IsKnown)
        {
            Begin(start, end);
            return Arrival.InOrder;
        }

        if (start.IsAtOrAfter(Next))
        {
            Arrival arrival = start == Next ? Arrival.InOrder : Arrival.New;
            if (start != Next)
                AddGap(Next, start);
            Next = end;
            return arrival;
        }

        bool isNew = FillGaps(start, end);
        if (First.IsAfter(start))
        {
            // The numbers come before all numbers seen: the capture began in the middle, or they came late.
            if (First.IsAfter(end))
                AddGap(end, First);
            First = start;
            isNew = true;
        }

        if (end.IsAfter(Next))
        {
            Next = end;
            isNew = true;
        }

        return isNew ? Arrival.New : Arrival.Repeated;
    }

    private void AddGap(SequenceNumber start, SequenceNumber end)
    {
        if (ReferenceEquals(_gaps, NoGaps))
            _gaps = new List<SequenceRange>(2);
        _gaps!.Add(new SequenceRange(start, end));
        ForgetOldest();
    }

    private readonly void ForgetOldest()
    {
        if (_gaps!.Count > MaxGaps)
            _gaps.RemoveRange(0, _gaps.Count - MaxGaps);
    }

    /// <summary>Removes a range from the gaps. Returns true if any of it was missing.</summary>
    private bool FillGaps(SequenceNumber start, SequenceNumber end)
    {
        if (!HasGaps)
            return false;
        bool filled = false;
        for (int i = _gaps!.Count - 1; i >= 0; i--)
        {
            SequenceRange gap = _gaps[i];
            if (start.IsAtOrAfter(gap.End) || gap.Start.IsAtOrAfter(end))
                continue;
            filled = true;
            _gaps.RemoveAt(i);
            if (gap.End.IsAfter(end))
                _gaps.Insert(i, new SequenceRange(end, gap.End));
            if (start.IsAfter(gap.Start))
                _gaps.Insert(i, new SequenceRange(gap.Start, start));
        }

        ForgetOldest(); // a range in the middle of a gap splits it into two
        if (_gaps.Count == 0)
            _gaps = NoGaps;
        return filled;
    }
}
