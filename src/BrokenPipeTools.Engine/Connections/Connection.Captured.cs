using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>How a connection was captured: segments that were captured twice, and other connections that are the same attempt.</summary>
internal sealed partial class Connection
{
    /// <summary>Returns Wireshark's number of a frame; null for none.</summary>
    public long? FrameAt(FrameMark at) => at.Exists ? FirstFrame + at.Distance : null;

    /// <summary>If one of this many segments was captured twice, the connection was captured at two points.</summary>
    private const int MinShareOfDuplicates = 4;

    /// <summary>The data that do not come from its own segments; null for none.</summary>
    public CapturePoints? Points => Extras?.Points;

    /// <summary>Segments that were captured a second time.</summary>
    public long Duplicates => Points?.Duplicates ?? 0;

    /// <summary>Other connections that the same host closed at the same moment after unlike silences; 0 for none.</summary>
    public int ClosedTogether
    {
        get => Extras?.ClosedTogether ?? 0;
        set => NeedExtras().ClosedTogether = value;
    }

    /// <summary>Payload bytes of an end, including those that were captured twice.</summary>
    public long BytesOf(int end) => Side(end).PayloadBytes + (Points?.BytesOf(end) ?? 0);

    /// <summary>The same attempt to connect, captured under other addresses (NAT); null for none.</summary>
    public RelatedAttempt? Related
    {
        get => Points?.Related;
        set => NeedPoints().Related = value;
    }

    /// <summary>The frame of the last segment, including duplicates, which <see cref="LastFrame"/> does not count.</summary>
    public long LastCapturedFrame => Math.Max(LastFrame, Points?.LastFrame ?? 0);

    /// <summary>The time of that frame.</summary>
    public long LastCapturedTime => !_hasExtras ? EndTime : LastTimeOfPoints;

    private long LastTimeOfPoints => Points is { } points && points.LastFrame > LastFrame ? points.LastTime : EndTime;

    /// <summary>
    /// Returns whether a segment is a duplicate of one captured a moment before. If a host may also have sent two such segments, the other segments
    /// of the connection decide.
    /// </summary>
    public bool IsDuplicate(in Segment s, int sender, Recurrence recurrence)
    {
        if (recurrence == Recurrence.None || !HasSegments || Side(sender).BeginsAnother(s))
            return false;
        return recurrence == Recurrence.Certain || (Duplicates is > 0 and var count && count * MinShareOfDuplicates >= _side0.Packets + _side1.Packets);
    }

    /// <summary>Counts a segment that was captured a second time. Everything else about it was noted at its first capture.</summary>
    /// <param name="s">The segment.</param>
    /// <param name="sender">The end that sent it.</param>
    /// <param name="firstTimeToLive">The TTL with which it was captured first.</param>
    public void ObserveDuplicate(in Segment s, int sender, byte firstTimeToLive)
    {
        ref Side x = ref sender == 0 ? ref _side0 : ref _side1;
        ref Side y = ref sender == 0 ? ref _side1 : ref _side0;
        _zeek.Observe(s, sender, x, y);
        NeedPoints().Add(s, sender);
        if (s.Has(TcpFlags.Rst) && s.TimeToLive != firstTimeToLive)
            NeedPoints().ForwardedReset = (sender, s.Sequence, s.TimeToLive);
        if (s.TimeToLive == firstTimeToLive || s.TimeToLive == x.DuplicateTimeToLive || s.Has(TcpFlags.Rst))
            return;
        if (x.DuplicateTimeToLive != 0)
            x.Marks |= SideMarks.SeveralTimeToLives;
        x.DuplicateTimeToLive = s.TimeToLive;
    }

    /// <summary>Notes that the SYN has a lower timestamp than another one of the same address, which was answered shortly before.</summary>
    public void NoteHigherTimestamp(int stream, long frame) => NeedPoints().HigherTimestamp = (stream, frame);

    /// <summary>Notes that another connection has packets of this end with other TTLs.</summary>
    public void NoteSeveralTimeToLives(int end) => (end == 0 ? ref _side0 : ref _side1).Marks |= SideMarks.SeveralTimeToLives;

    private CapturePoints NeedPoints() => NeedExtras().Points ??= new CapturePoints();
}
