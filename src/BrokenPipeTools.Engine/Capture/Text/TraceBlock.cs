namespace BrokenPipeTools.Capture.Text;

/// <summary>The lines of one packet: the first one, those that continue it, and its hex dump.</summary>
internal sealed class TraceBlock
{
    /// <summary>Lines that continue a packet; the text of an upper layer behind them is not needed.</summary>
    private const int MaxContinuations = 24;

    /// <summary>Characters that they have together at most.</summary>
    private const int MaxLength = 16 * 1024;

    /// <summary>Breaks of a line for which both kinds, with and without a space, are tried.</summary>
    private const int MaxBreaks = 3;

    private readonly List<string> _continuations = [];
    private readonly HexDump _dump = new();
    private int _length; // of the lines that continue it
    private bool _hasDump;
    private bool _isEnded;

    /// <summary>The first line, its time taken off if it is one of tcpdump.</summary>
    public required string Head { get; init; }

    /// <summary>The first line as it stands in the text.</summary>
    public required string Line { get; init; }

    /// <summary>The number of the first line, from 1.</summary>
    public required long LineNumber { get; init; }

    public required TraceTime Time { get; init; }

    /// <summary>The columns that a header has named; null for the usual ones.</summary>
    public RowColumns? Columns { get; init; }

    /// <summary>It is a row of a packet list.</summary>
    public bool IsRow { get; init; }

    /// <summary>The first line as it reads by itself.</summary>
    public required TracePacket First { get; init; }

    /// <summary>The first line is a packet by itself.</summary>
    public bool IsComplete { get; init; }

    /// <summary>The packet inside a tunnel is printed on a line of its own, which begins like a packet.</summary>
    public bool IsTunnel => _continuations.Count == 0 && Head.Contains("VXLAN, flags", StringComparison.Ordinal);

    /// <summary>Adds a line of the packet's hex dump. Returns false if it is not one.</summary>
    public bool TryAddDump(string text)
    {
        bool isAdded = _dump.TryAdd(text);
        _hasDump |= isAdded;
        return isAdded;
    }

    /// <summary>Lines were left out behind it.</summary>
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
            packet.Kind = TraceKind.Unreadable; // cut before its numbers ended
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

    /// <summary>Puts the first line and so many others together; a bit for each break means a space.</summary>
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
