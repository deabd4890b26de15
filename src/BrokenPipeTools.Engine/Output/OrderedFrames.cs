using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;

namespace BrokenPipeTools.Output;

/// <summary>
/// Writes the selected frames in the order of their capture. Only the last fragment of a datagram shows which connection the other fragments belong
/// to. The other fragments wait for it, and so do the frames after them. If the waiting frames exceed the bound, the oldest fragments are removed.
/// </summary>
/// <param name="writer">The writer of the file.</param>
internal sealed class OrderedFrames(PcapWriter writer)
{
    /// <summary>The most bytes of all waiting copies together: enough for more than a thousand Ethernet frames.</summary>
    private const int MaxBytes = 4 << 20;

    private const int NotKnown = -1;
    private const int NotWanted = -2;

    private readonly Queue<Waiting> _waiting = new();
    private int _bytes;

    /// <summary>Writes a frame after those that wait.</summary>
    public void Write(in Frame frame, string? comment, int interfaceId)
    {
        if (_waiting.Count == 0)
            writer.Write(frame, comment, interfaceId);
        else
            Add(new Waiting(frame, comment, 0, interfaceId));
    }

    /// <summary>Keeps a fragment until <see cref="Choose"/> or <see cref="Drop"/> decides on its datagram.</summary>
    public void Hold(in Frame frame, long datagram) => Add(new Waiting(frame, null, datagram, NotKnown));

    /// <summary>Writes the fragments of a datagram, at their place in the order.</summary>
    public void Choose(long datagram, int interfaceId) => Decide(datagram, interfaceId);

    /// <summary>Removes the fragments of a datagram.</summary>
    public void Drop(long datagram) => Decide(datagram, NotWanted);

    /// <summary>Writes the waiting frames. Fragments of incomplete datagrams are left out, because they belong to no known connection.</summary>
    public void Complete()
    {
        while (_waiting.Count > 0)
            WriteNext();
    }

    private void Add(Waiting waiting)
    {
        _waiting.Enqueue(waiting);
        _bytes += waiting.Data.Length;
        while (_bytes > MaxBytes)
            WriteNext();
        WriteDecided();
    }

    private void Decide(long datagram, int interfaceId)
    {
        foreach (Waiting waiting in _waiting)
        {
            if (waiting.Datagram == datagram && waiting.InterfaceId == NotKnown)
                waiting.InterfaceId = interfaceId;
        }

        WriteDecided();
    }

    private void WriteDecided()
    {
        while (_waiting.TryPeek(out Waiting? next) && next.InterfaceId != NotKnown)
            WriteNext();
    }

    private void WriteNext()
    {
        Waiting next = _waiting.Dequeue();
        _bytes -= next.Data.Length;
        if (next.InterfaceId >= 0)
            writer.Write(next.ToFrame(), next.Comment, next.InterfaceId);
    }

    /// <summary>A copy of a waiting frame.</summary>
    private sealed class Waiting(in Frame frame, string? comment, long datagram, int interfaceId)
    {
        private readonly (long Number, long Time, int LinkType, int OriginalLength, PacketDirection Direction) _header = (frame.Number, frame.Time, frame.LinkType, frame.OriginalLength, frame.Direction);
        private readonly byte[] _sourceComment = frame.Comment.ToArray();

        public byte[] Data { get; } = frame.Data.ToArray();

        public string? Comment => comment;

        public long Datagram => datagram;

        public int InterfaceId { get; set; } = interfaceId;

        public Frame ToFrame() => new()
        {
            Number = _header.Number,
            Time = _header.Time,
            LinkType = _header.LinkType,
            OriginalLength = _header.OriginalLength,
            Direction = _header.Direction,
            Comment = _sourceComment,
            Data = Data,
        };
    }
}
