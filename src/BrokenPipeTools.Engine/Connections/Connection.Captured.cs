using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>What a connection shows of how it was captured: segments that were captured twice.</summary>
internal sealed partial class Connection
{
    /// <summary>A connection of which this share of the segments was captured twice is captured at two points.</summary>
    private const int MinShareOfDuplicates = 4;

    /// <summary>Segments that were captured twice; null for none.</summary>
    public DuplicateSegments? Duplicates { get; private set; }

    /// <summary>The frame of the last segment, also if it is a duplicate. <see cref="LastFrame"/> is that of the last one that is not.</summary>
    public long LastCapturedFrame => Math.Max(LastFrame, Duplicates?.LastFrame ?? 0);

    /// <summary>The time of that frame.</summary>
    public long LastCapturedTime => Duplicates is { } d && d.LastFrame > LastFrame ? d.LastTime : EndTime;

    /// <summary>
    /// Whether a segment that equals one captured a moment before is the same packet. If a host may as well have sent two, the
    /// other segments of the connection decide.
    /// </summary>
    public bool IsDuplicate(in Segment s, int sender, Recurrence recurrence)
    {
        if (recurrence == Recurrence.None || !HasSegments || Side(sender).BeginsAnother(s))
            return false;
        return recurrence == Recurrence.Certain || (Duplicates is { } d && d.Count * MinShareOfDuplicates >= _side0.Packets + _side1.Packets);
    }

    /// <summary>Counts a segment that was captured a second time. It shows nothing of the connection that its first capture did not.</summary>
    /// <param name="s">The segment.</param>
    /// <param name="sender">The end that sent it.</param>
    /// <param name="firstTimeToLive">The TTL with which it was captured first.</param>
    public void ObserveDuplicate(in Segment s, int sender, byte firstTimeToLive)
    {
        ref Side x = ref sender == 0 ? ref _side0 : ref _side1;
        ref Side y = ref sender == 0 ? ref _side1 : ref _side0;
        _zeek.Observe(s, sender, x, y);
        (Duplicates ??= new DuplicateSegments()).Add(s, sender);
        if (s.TimeToLive != firstTimeToLive)
            x.Marks |= SideMarks.SeveralTimeToLives;
    }

    private void ClearCaptured()
    {
        Duplicates = null;
    }
}
