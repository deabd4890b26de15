namespace BrokenPipeTools.Capture.Text;

/// <summary>The lines of one packet: the first one, the lines that continue it, and its hex dump.</summary>
internal sealed class TraceBlock
{
    /// <summary>The most lines that continue a packet. The text of an upper layer after them is not needed.</summary>
    private const int MaxContinuations = 24;

    /// <summary>The most characters of these lines together.</summary>
    private const int MaxLength = 16 * 1024;

    /// <summary>The most line breaks for which both readings are tried: with a space, and without.</summary>
    private const int MaxBreaks = 3;

    private readonly List<string> _continuations = [];
    private readonly HexDump _dump = new();
    private int _length; // characters of the lines that continue the packet
    private bool _hasDump;
    private bool _isEnded;

    /// <summary>The first line, without its time if it is a line of tcpdump.</summary>
    public required string Head { get; init; }

    /// <summary>The first line as it is in the text.</summary>
    public required string Line { get; init; }

    /// <summary>The number of the first line, from 1.</summary>
    public required long LineNumber { get; init; }

    public required TraceTime Time { get; init; }

    /// <summary>The columns of the header line; null for the usual ones.</summary>
    public RowColumns? Columns { get; init; }

    /// <summary>Whether the block is a row of a packet list.</summary>
    public bool IsRow { get; init; }

    /// <summary>The packet of the first line, read without the other lines.</summary>
    public required TracePacket First { get; init; }

    /// <summary>Whether the first line alone is a complete packet.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Whether the next line contains the packet inside a tunnel. That line begins as a packet does.</summary>
    public bool IsTunnel => _continuations.Count == 0 && Head.Contains("VXLAN, flags", StringComparison.Ordinal);

    /// <summary>Adds a line of the packet's hex dump. Returns false if the line does not belong to a hex dump.</summary>
    public bool TryAddDump(string text)
    {
        bool isAdded = _dump.TryAdd(text);
        _hasDump |= isAdded;
        return isAdded;
    }

    /// <summary>Notes that lines were left out after the packet.</summary>
    public void End() => _isEnded = true;

    /// <summary>Adds a line that may continue the packet.</summary>
    public void Add(string text)
    {
        if (_hasDump || _isEnded || _continuations.Count >= MaxContinuations || _length + text.Length > MaxLength)
            return;
        _continuations.Add(text);
        _length += text.Length;
    }

    /// <summary>Reads the packet.</summary>
    public TracePacket Read()
    {
        TracePacket packet = ReadLines();
        if (!IsRow)
            packet.Time = Time;
        if (packet.Kind == TraceKind.Tcp && packet.Window is null && !packet.Has(TraceFlags.Rst))
            packet.Kind = TraceKind.Unreadable; // the packet was cut before the end of its numbers
        packet.IsSure = IsRow || packet.Kind is TraceKind.Tcp or TraceKind.IcmpError || TcpdumpLine.IsStart(Head);
        packet.IsBeforeOmission = _isEnded;
        packet.Bytes = _hasDump ? _dump.Bytes : [];
        if (packet.Bytes.Length > 0 && (packet.Kind != TraceKind.Tcp || DumpLink.Holds(packet.Bytes, packet)))
            packet.Kind = TraceKind.Bytes;
        return packet;
    }

    private TracePacket ReadLines()
    {
        bool mayQuote = _continuations.Count > 0 && (Head.Contains("ICMP", StringComparison.OrdinalIgnoreCase) || _continuations[0].Contains("ICMP", StringComparison.OrdinalIgnoreCase));
        if (mayQuote && Read(Head + " " + string.Join(' ', _continuations), out TracePacket packet) == TraceReading.Complete && packet.Kind == TraceKind.IcmpError)
            return packet;
        TracePacket best = First;
        bool mayCarry = best.Kind == TraceKind.Other && !IsRow && _continuations.Exists(line => line.Contains("Flags [", StringComparison.Ordinal));
        if (IsComplete && !mayCarry)
            return best;
        for (int count = 1; count <= _continuations.Count; count++)
        {
            int variants = 1 << Math.Min(count, MaxBreaks);
            for (int spaces = variants - 1; spaces >= 0; spaces--)
            {
                TraceReading reading = Read(Join(count, spaces), out packet);
                if (reading == TraceReading.Complete && packet.Kind != TraceKind.Other && packet.Kind != TraceKind.UpperLayer)
                    return packet;
                if (best.Kind == TraceKind.Unreadable && reading != TraceReading.None)
                    best = packet;
            }
        }

        return best;
    }

    /// <summary>Joins the first line with a number of other lines. Each bit of spaces decides whether a line break becomes a space.</summary>
    private string Join(int count, int spaces)
    {
        string text = Head;
        for (int i = 0; i < count; i++)
            text += ((spaces >> Math.Min(i, MaxBreaks - 1)) & 1) != 0 ? " " + _continuations[i] : _continuations[i];
        return text;
    }

    private TraceReading Read(string text, out TracePacket packet)
    {
        packet = new TracePacket();
        return IsRow ? PacketRow.Read(text, Columns, packet) : TcpdumpLine.Read(text, packet);
    }
}
