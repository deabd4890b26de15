namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// Frames that another program has captured and hands over one by one. It holds one at a time, so that memory does not grow:
/// <see cref="Add"/>, then <see cref="Read"/> until there is none. Time passes only with the frames, as in a file.
/// </summary>
internal sealed class PacketFeed(string name) : ILiveSource
{
    private ReadOnlyMemory<byte> _data;
    private long _time;
    private int _linkType;
    private int _originalLength;
    private bool _isFull;
    private bool _ended;

    public string Name { get; } = name;

    /// <summary>Bytes of the packets handed over so far.</summary>
    public long Position { get; private set; }

    public long? Length => null;

    public long DroppedFrames => 0;

    /// <summary>Before any time: packets that are handed over may be older than the clock.</summary>
    public long ReadUpTo => long.MinValue;

    /// <summary>Packets handed over and skipped so far: the newest frame's number.</summary>
    public long Packets { get; private set; }

    /// <summary>Puts a packet in; the bytes are not copied, and must not change before they are read.</summary>
    /// <exception cref="InvalidOperationException">The one before it has not been read, or the feed has ended.</exception>
    public void Add(ReadOnlyMemory<byte> data, long time, int linkType, int originalLength)
    {
        if (_isFull || _ended)
            throw new InvalidOperationException(_ended ? "the feed has ended" : "the packet before has not been read");
        Packets++;
        (_data, _time, _linkType, _originalLength) = (data, time, linkType, originalLength);
        Position += data.Length;
        _isFull = true;
    }

    /// <summary>Counts a packet that cannot be read, so that the next ones keep their numbers.</summary>
    public void Skip() => Packets++;

    /// <summary>Reads the frame. Returns false also if there is none yet: a feed is used by one thread, so none can come in the meantime.</summary>
    public bool TryRead(out Frame frame) => Read(out frame) == LiveRead.Frame;

    /// <summary>The frame put in last; <see cref="LiveRead.Idle"/> immediately if it was read already.</summary>
    public LiveRead Read(out Frame frame)
    {
        if (!_isFull)
        {
            frame = default;
            _data = default; // the caller's bytes are not kept after they were read
            return _ended ? LiveRead.End : LiveRead.Idle;
        }

        frame = new Frame { Number = Packets, Time = _time, LinkType = _linkType, OriginalLength = _originalLength, Data = _data.Span };
        _isFull = false;
        return LiveRead.Frame;
    }

    public void Stop() => _ended = true;

    public void Dispose() => _ended = true;
}
