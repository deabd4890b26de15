using System.Buffers.Binary;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>
/// A page of the kernel's ring buffer, as read from trace_pipe_raw (include/linux/ring_buffer.h, kernel/trace/ring_buffer.c):
/// <code>
/// | time of the first event (8) | commit: length, flags (4 or 8) | events … | count of lost events (8), if flagged |
/// event: | type_len (5 bits), time_delta (27 bits) | array[0] (4), for some types | data |
/// </code>
/// A damaged page ends early and has <see cref="IsDamaged"/>.
/// </summary>
internal ref struct RingPage
{
    private const uint MissedEvents = 1u << 31; // RB_MISSED_EVENTS: events before this page were overwritten
    private const uint MissedStored = 1u << 30; // RB_MISSED_STORED: their count follows the data
    private const uint LengthMask = 0xFFFFF;
    private const int DeltaBits = 27;
    private const int Padding = 29;
    private const int TimeExtend = 30;
    private const int TimeStamp = 31;
    private const int HeaderLength = 4;
    private const int CountLength = 8;

    private readonly ReadOnlySpan<byte> _data;
    private int _at;
    private long _time;

    private RingPage(ReadOnlySpan<byte> data, long time, long lost)
    {
        _data = data;
        _time = time;
        Lost = lost;
    }

    /// <summary>The number of events that were overwritten before this page could be read; -1 if there are some but the kernel has not counted them.</summary>
    public long Lost { get; }

    /// <summary>Whether the rest of the page could not be read.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Reads the head of a page. Returns false if the page is shorter than its own length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> page, PageLayout layout, out RingPage read)
    {
        read = default;
        if (page.Length < layout.DataOffset)
            return false;
        long time = BinaryPrimitives.ReadInt64LittleEndian(page);
        uint commit = BinaryPrimitives.ReadUInt32LittleEndian(page[8..]);
        int length = (int)(commit & LengthMask);
        ReadOnlySpan<byte> data = page[layout.DataOffset..];
        if (length > data.Length)
            return false;
        long lost = 0;
        if ((commit & MissedEvents) != 0)
        {
            bool isCounted = (commit & MissedStored) != 0 && data.Length - length >= CountLength;
            lost = isCounted ? Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(data[length..])) : -1;
        }

        read = new RingPage(data[..length], time, lost);
        return true;
    }

    /// <summary>Reads the next event.</summary>
    /// <param name="time">The time of the event, in nanoseconds of the trace's clock.</param>
    /// <param name="data">The fields of the event.</param>
    public bool TryNext(out long time, out ReadOnlySpan<byte> data)
    {
        while (_at + HeaderLength <= _data.Length)
        {
            uint head = BinaryPrimitives.ReadUInt32LittleEndian(_data[_at..]);
            int type = (int)(head & 31);
            long delta = head >> 5;
            uint extra = _data.Length - _at >= 2 * HeaderLength ? BinaryPrimitives.ReadUInt32LittleEndian(_data[(_at + HeaderLength)..]) : 0;
            if (type is TimeExtend or TimeStamp)
            {
                long far = ((long)extra << DeltaBits) + delta;
                _time = type == TimeStamp ? far : _time + far;
                _at += 2 * HeaderLength;
                continue;
            }

            if (type == Padding && delta == 0)
                break; // the rest of the page is unused
            _time += delta;
            long size = type is 0 or Padding ? HeaderLength + (long)extra : HeaderLength + (type * 4L);
            if (size < 2 * HeaderLength || size > _data.Length - _at)
            {
                IsDamaged = true;
                break;
            }

            int begin = _at + (type == 0 ? 2 * HeaderLength : HeaderLength);
            data = _data[begin..(_at + (int)size)];
            _at += (int)size;
            if (type == Padding)
                continue;
            time = _time;
            return true;
        }

        _at = _data.Length;
        time = 0;
        data = default;
        return false;
    }
}
