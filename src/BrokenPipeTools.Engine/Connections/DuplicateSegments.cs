using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>Counts the segments of a connection that were captured a second time. Few connections have any.</summary>
internal sealed class DuplicateSegments
{
    private long _segments0;
    private long _segments1;
    private long _bytes0;
    private long _bytes1;

    /// <summary>Those of both ends.</summary>
    public long Count => _segments0 + _segments1;

    /// <summary>The frame of the newest one; 0 for none.</summary>
    public long LastFrame { get; private set; }

    /// <summary>Its time, nanoseconds since 1970.</summary>
    public long LastTime { get; private set; }

    /// <summary>Those that an end sent.</summary>
    public long SegmentsOf(int end) => end == 0 ? _segments0 : _segments1;

    /// <summary>Their payload bytes.</summary>
    public long BytesOf(int end) => end == 0 ? _bytes0 : _bytes1;

    public void Add(in Segment s, int sender)
    {
        (sender == 0 ? ref _segments0 : ref _segments1)++;
        (sender == 0 ? ref _bytes0 : ref _bytes1) += s.PayloadLength;
        LastFrame = s.Frame;
        LastTime = s.Time;
    }
}
