using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Output;

/// <summary>
/// Copies of fragments whose datagram is not whole yet: only the last one shows which connection they belong to. Of more than a bound the
/// oldest are given up.
/// </summary>
internal sealed class HeldFragments
{
    /// <summary>Bytes of all copies together: a thousand Ethernet frames and more.</summary>
    private const int MaxBytes = 4 << 20;

    private readonly Queue<Held> _held = new();
    private int _bytes;

    /// <summary>Keeps a fragment of a datagram.</summary>
    public void Add(in Frame frame, long datagram)
    {
        while (_bytes > MaxBytes - frame.Data.Length && _held.TryDequeue(out Held? oldest))
            _bytes -= oldest.Data.Length;
        _held.Enqueue(new Held(datagram, frame.Number, frame.Time, frame.LinkType, frame.OriginalLength, frame.Data.ToArray()));
        _bytes += frame.Data.Length;
    }

    /// <summary>Writes those of a datagram, in their order.</summary>
    public void WriteTo(PcapWriter writer, long datagram, int id)
    {
        foreach (Held held in _held.Where(held => held.Datagram == datagram))
            writer.Write(new Frame { Number = held.Number, Time = held.Time, LinkType = held.LinkType, OriginalLength = held.OriginalLength, Data = held.Data }, comment: null, id);
    }

    private sealed record Held(long Datagram, long Number, long Time, int LinkType, int OriginalLength, byte[] Data);
}
