using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// The data of a connection that do not come from its own segments: duplicates, the same attempt under other addresses, and timestamps of other
/// connections. Few connections have any of them.
/// </summary>
internal sealed class CapturePoints
{
    private long _segments0;
    private long _segments1;
    private long _bytes0;
    private long _bytes1;

    /// <summary>Another connection that is the same attempt under other addresses; null for none.</summary>
    public RelatedAttempt? Related { get; set; }

    /// <summary>The SYN-ACK that shortly before answered a SYN with a higher timestamp from the same address; null for none.</summary>
    public (int Stream, long Frame)? HigherTimestamp { get; set; }

    /// <summary>The number of duplicates of both ends.</summary>
    public long Duplicates => _segments0 + _segments1;

    /// <summary>The frame of the newest duplicate; 0 for none.</summary>
    public long LastFrame { get; private set; }

    /// <summary>The time of the newest duplicate, nanoseconds since 1970.</summary>
    public long LastTime { get; private set; }

    /// <summary>Returns the number of duplicates that an end sent.</summary>
    public long DuplicatesOf(int end) => end == 0 ? _segments0 : _segments1;

    /// <summary>Returns the payload bytes of the duplicates that an end sent.</summary>
    public long BytesOf(int end) => end == 0 ? _bytes0 : _bytes1;

    /// <summary>
    /// The newest RST that was captured a second time with another TTL, and that TTL: the router on which the capture was made forwarded it. Null for
    /// none.
    /// </summary>
    public (int Sender, SequenceNumber Sequence, byte TimeToLive)? ForwardedReset { get; set; }

    /// <summary>Counts a duplicate.</summary>
    public void Add(in Segment s, int sender)
    {
        (sender == 0 ? ref _segments0 : ref _segments1)++;
        (sender == 0 ? ref _bytes0 : ref _bytes1) += s.PayloadLength;
        LastFrame = s.Frame;
        LastTime = s.Time;
    }
}
