namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// Frames that another program has captured and passes on one by one. It holds one at a time, so that memory does not grow: call <see cref="Add"/>,
/// then <see cref="Read"/> until there is none. Time passes only with the frames, as in a file.
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

    /// <summary>Earlier than any time, because packets that are passed on may be older than the clock.</summary>
    public long ReadUpTo => long.MinValue;

    /// <summary>Packets passed on and skipped so far, which is the number of the newest frame.</summary>
    public long Packets { get; private set; }

    /// <summary>Adds a packet. The bytes are not copied, and must not change before they are read.</summary>
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

    /// <summary>Reads the frame. Also returns false if there is none yet: only one thread uses a feed, so none can come in the meantime.</summary>
    public bool TryRead(out Frame frame) => Read(out frame) == LiveRead.Frame;

    /// <summary>Reads the frame that was added last; returns <see cref="LiveRead.Idle"/> immediately if it was already read.</summary>
    public LiveRead Read(out Frame frame)
    {
        if (!_isFull)
        {
            frame = default;
            _data = default; // no reference to the caller's bytes is kept after they were read
            return _ended ? LiveRead.End : LiveRead.Idle;
        }

        frame = new Frame { Number = Packets, Time = _time, LinkType = _linkType, OriginalLength = _originalLength, Data = _data.Span };
        _isFull = false;
        return LiveRead.Frame;
    }

    public void Stop() => _ended = true;

    public void Dispose() => _ended = true;
}
