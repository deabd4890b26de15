using System.Globalization;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// Reads a text trace of tcpdump, tshark or Wireshark as frames. A hex dump gives a frame with the exact bytes; other lines give an IP packet with
/// the numbers that the text shows.
/// </summary>
internal sealed class TraceText : ICaptureSource
{
    private const int RawIp = 101;
    private const int MaxLosses = 1000;

    private readonly CaptureInput _input;
    private readonly TracePackets _packets;
    private readonly TraceWindow _window;
    private readonly TraceResolver _resolver;
    private readonly TraceClock _clock = new();
    private readonly TraceFrame _frame = new();
    private IReadOnlyList<long> _lostAfter = [];
    private long _number;
    private bool _hasBegun;

    public TraceText(CaptureInput input)
    {
        _input = input;
        _packets = new TracePackets(new TraceLines(input));
        _window = new TraceWindow(_packets);
        _resolver = new TraceResolver(_window);
    }

    public string Name => _input.Name;

    public long Position => _input.Position;

    public long? Length => _input.Length;

    public long DroppedFrames => _packets.Dropped;

    public IReadOnlyList<long> LostAfter => _lostAfter;

    public HostNames Names => _resolver.Names;

    public string? Remarks => _packets.Unread == 0 ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"{_packets.Unread} lines look like packets but could not be read: {string.Join("; ", _packets.UnreadLines.Select(line => $"line {line.Number}: {line.Text}"))}");

    public bool TryRead(out Frame frame)
    {
        while (Next() is { } packet)
        {
            long before = _number;
            _number = Math.Max(packet.Number, before + 1);
            if (packet.IsBeforeOmission)
                NoteLoss(_number);
            FrameLacks lacks = FrameLacks.None;
            long time = _clock.Next(packet.Time, ref lacks);
            if (packet.Kind == TraceKind.Unreadable)
            {
                NoteLoss(before);
                continue;
            }

            frame = FrameOf(packet, time, lacks);
            return true;
        }

        frame = default;
        return false;
    }

    public void Dispose() => _input.Dispose();

    private TracePacket? Next()
    {
        if (!_hasBegun)
            CompareTimes();
        _hasBegun = true;
        return _window.Read();
    }

    /// <summary>Decides the form of the times. Differences and times since the first packet look alike; only several of them together show the form.</summary>
    private void CompareTimes()
    {
        if (_window.Peek(0) is { Time: { Nanoseconds: 0, Form: TraceTimeForm.OfDay or TraceTimeForm.Seconds } })
            _clock.IsDifference = TraceClock.AreDifferences(Enumerable.Range(0, TraceWindow.Size).Select(i => _window.Peek(i)).TakeWhile(packet => packet is not null).Select(packet => packet!.Time));
    }

    private Frame FrameOf(TracePacket packet, long time, FrameLacks lacks)
    {
        if (packet.Kind == TraceKind.Bytes)
        {
            (int linkType, int length) = DumpLink.Of(packet.Bytes);
            return new Frame { Number = _number, Time = time, LinkType = linkType, OriginalLength = length, Direction = packet.Direction, Lacks = lacks, Data = packet.Bytes };
        }

        TraceSegment? segment = _resolver.Resolve(packet);
        if (segment is null && packet.Kind == TraceKind.UpperLayer && RowProtocols.IsOfTcp(packet.Protocol))
            NoteLoss(_number - 1); // the row is a segment of an unknown connection
        if (segment is not null)
            lacks |= segment.Lacks | (packet.HasHeader ? 0 : FrameLacks.TimeToLive | FrameLacks.Identification) | (segment.Length > 0 ? FrameLacks.Payload : 0);
        ReadOnlySpan<byte> data = segment is null ? _frame.WriteOther(out int originalLength) : _frame.Write(segment, out originalLength);
        return new Frame { Number = _number, Time = time, LinkType = RawIp, OriginalLength = originalLength, Direction = packet.Direction, Lacks = lacks, Data = data };
    }

    /// <summary>Notes that frames are missing after a number. Another thread may be reading the list, so the list is replaced and never changed.</summary>
    private void NoteLoss(long after)
    {
        if (after > 0 && _lostAfter.Count < MaxLosses && (_lostAfter.Count == 0 || _lostAfter[^1] != after))
            _lostAfter = [.. _lostAfter, after];
    }
}
