namespace BrokenPipeTools.Capture.Text;

/// <summary>Reads packets ahead, so that packets after the newest one can be examined before they are read. The number of packets is bounded.</summary>
internal sealed class TraceWindow(TracePackets packets)
{
    /// <summary>The number of packets that are read ahead.</summary>
    public const int Size = 256;

    private readonly TracePacket[] _ring = new TracePacket[Size];
    private int _first;
    private int _count;
    private bool _ended;

    /// <summary>Reads the next packet. Returns null at the end.</summary>
    public TracePacket? Read()
    {
        if (_count == 0)
            return Next();
        TracePacket packet = _ring[_first];
        _ring[_first] = null!;
        _first = (_first + 1) % Size;
        _count--;
        return packet;
    }

    /// <summary>Returns a packet after the newest one. Returns null if the text ends before it, or if it is too far ahead.</summary>
    public TracePacket? Peek(int index)
    {
        if (index >= Size)
            return null;
        while (_count <= index)
        {
            if (Next() is not { } packet)
                return null;
            _ring[(_first + _count++) % Size] = packet;
        }

        return _ring[(_first + index) % Size];
    }

    private TracePacket? Next()
    {
        TracePacket? packet = _ended ? null : packets.Read();
        _ended |= packet is null;
        return packet;
    }
}
