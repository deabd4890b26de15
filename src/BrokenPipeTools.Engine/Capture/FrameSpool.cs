namespace BrokenPipeTools.Capture;

/// <summary>
/// Keeps copies of the frames of a capture, so that they can be read a second time without the capture. If the copies need more than
/// <see cref="MaxBytes"/>, none is kept.
/// </summary>
/// <param name="maxBytes">The most bytes of all copies together, with their metadata.</param>
internal sealed class FrameSpool(long maxBytes = FrameSpool.MaxBytes)
{
    /// <summary>The default bound in bytes: enough for forty thousand full Ethernet frames, or some hundred thousand acknowledgments.</summary>
    public const long MaxBytes = 64 << 20;

    private const int ChunkBytes = 1 << 20;
    private const int BytesOfEntry = 96; // the approximate size of a list entry

    private readonly List<byte[]> _chunks = [];
    private readonly List<Entry> _entries = [];
    private int _free; // free bytes in the last chunk

    /// <summary>The size of the copies in bytes, with their metadata.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether there were more frames than fit. Then no frame is kept.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>Keeps a copy of a frame.</summary>
    public void Add(in Frame frame)
    {
        if (IsOverfull)
            return;
        int length = frame.Data.Length + frame.Comment.Length;
        Bytes += length + BytesOfEntry;
        if (Bytes > maxBytes)
        {
            IsOverfull = true;
            Bytes = 0;
            _chunks.Clear();
            _entries.Clear();
            _entries.Capacity = 0;
            return;
        }

        if (length > _free)
        {
            _free = Math.Max(ChunkBytes, length);
            _chunks.Add(new byte[_free]);
        }

        byte[] chunk = _chunks[^1];
        int at = chunk.Length - _free;
        frame.Data.CopyTo(chunk.AsSpan(at));
        frame.Comment.CopyTo(chunk.AsSpan(at + frame.Data.Length));
        _free -= length;
        _entries.Add(new Entry(chunk, at, frame));
    }

    /// <summary>Returns the frames as a capture. They keep their numbers.</summary>
    /// <param name="name">The name of the capture.</param>
    /// <exception cref="InvalidOperationException">No frame is kept, because <see cref="IsOverfull"/> is true.</exception>
    public ICaptureSource Read(string name) => IsOverfull ? throw new InvalidOperationException("there were more frames than the spool keeps") : new SpooledFrames(name, _entries);

    private readonly struct Entry(byte[] chunk, int at, in Frame frame)
    {
        private readonly long _number = frame.Number;
        private readonly long _time = frame.Time;
        private readonly int _linkType = frame.LinkType;
        private readonly int _originalLength = frame.OriginalLength;
        private readonly int _length = frame.Data.Length;
        private readonly int _commentLength = frame.Comment.Length;
        private readonly PacketDirection _direction = frame.Direction;
        private readonly FrameLacks _lacks = frame.Lacks;
        private readonly PcapngInterface? _interface = frame.Interface;

        public int Length => _length + _commentLength;

        public Frame ToFrame() => new()
        {
            Number = _number,
            Time = _time,
            LinkType = _linkType,
            OriginalLength = _originalLength,
            Direction = _direction,
            Lacks = _lacks,
            Interface = _interface,
            Comment = chunk.AsSpan(at + _length, _commentLength),
            Data = chunk.AsSpan(at, _length),
        };
    }

    private sealed class SpooledFrames(string name, List<Entry> entries) : ICaptureSource
    {
        private int _next;

        public string Name => name;

        public long Position { get; private set; }

        public long? Length { get; } = entries.Sum(entry => (long)entry.Length);

        public long DroppedFrames => 0;

        public bool TryRead(out Frame frame)
        {
            if (_next == entries.Count)
            {
                frame = default;
                return false;
            }

            Entry entry = entries[_next++];
            Position += entry.Length;
            frame = entry.ToFrame();
            return true;
        }

        public void Dispose()
        {
        }
    }
}
