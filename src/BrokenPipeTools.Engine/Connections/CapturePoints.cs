using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// What shows that a connection was captured at more than one point: segments that were captured a second time, and the same
/// attempt under other addresses. Few connections have either.
/// </summary>
internal sealed class CapturePoints
{
    private long _segments0;
    private long _segments1;
    private long _bytes0;
    private long _bytes1;

    /// <summary>Another connection that is the same attempt under other addresses; null for none.</summary>
    public RelatedAttempt? Related { get; set; }

    /// <summary>Duplicates of both ends.</summary>
    public long Duplicates => _segments0 + _segments1;

    /// <summary>The frame of the newest duplicate; 0 for none.</summary>
    public long LastFrame { get; private set; }

    /// <summary>Its time, nanoseconds since 1970.</summary>
    public long LastTime { get; private set; }

    /// <summary>Those that an end sent.</summary>
    public long DuplicatesOf(int end) => end == 0 ? _segments0 : _segments1;

    /// <summary>Their payload bytes.</summary>
    public long BytesOf(int end) => end == 0 ? _bytes0 : _bytes1;

    /// <summary>Counts a duplicate.</summary>
    public void Add(in Segment s, int sender)
    {
        (sender == 0 ? ref _segments0 : ref _segments1)++;
        (sender == 0 ? ref _bytes0 : ref _bytes1) += s.PayloadLength;
        LastFrame = s.Frame;
        LastTime = s.Time;
    }
}
