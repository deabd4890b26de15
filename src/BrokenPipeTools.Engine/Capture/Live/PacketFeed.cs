namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// Frames that another program has captured and passes on one by one. The feed holds one frame at a time, so memory does not grow: call
/// <see cref="Add"/>, then call <see cref="Read"/> until there is no frame. Time advances only with the frames, as in a file.
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

    /// <summary>The bytes of the packets that were added so far.</summary>
    public long Position { get; private set; }

    public long? Length => null;

    public long DroppedFrames => 0;

    /// <summary>A value before any time: packets that are passed on may be older than the clock.</summary>
    public long ReadUpTo => long.MinValue;

    /// <summary>The number of packets that were added or skipped so far. It is the number of the newest frame.</summary>
    public long Packets { get; private set; }

    /// <summary>Adds a packet. The bytes are not copied, and must not change before they are read.</summary>
    /// <exception cref="InvalidOperationException">The packet that was added before has not been read, or the feed has ended.</exception>
    public void Add(ReadOnlyMemory<byte> data, long time, int linkType, int originalLength)
    {
        if (_isFull || _ended)
            throw new InvalidOperationException(_ended ? "the feed has ended" : "the packet before has not been read");
        Packets++;
        (_data, _time, _linkType, _originalLength) = (data, time, linkType, originalLength);
        Position += data.Length;
        _isFull = true;
    }

    /// <summary>Counts a packet that cannot be read, so that the numbers of the next packets are right.</summary>
    public void Skip() => Packets++;

    /// <summary>Reads the frame that was added. Returns false if there is none. It does not wait, because the same thread adds the frames.</summary>
    public bool TryRead(out Frame frame) => Read(out frame) == LiveRead.Frame;

    /// <summary>Reads the frame that was added last. Returns <see cref="LiveRead.Idle"/> immediately if that frame was already read.</summary>
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
