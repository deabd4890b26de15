namespace BrokenPipeTools.Capture.Text;

/// <summary>Combines the lines of a text into packets, and skips other lines.</summary>
internal sealed class TracePackets(TraceLines lines)
{
    /// <summary>Digits of the time at the start of a line that only tcpdump prints.</summary>
    private const int TcpdumpDigits = 6;

    /// <summary>The most unreadable lines that are kept for the message.</summary>
    private const int MaxShown = 3;

    private readonly List<UnreadLine> _unread = [];
    private TraceBlock? _open;
    private TraceBlock? _next; // the first line of the next packet, which ended the previous packet
    private RowColumns? _columns;
    private bool _haveTimes;
    private int _headIndentation;

    /// <summary>Packets that could not be read.</summary>
    public long Unread { get; private set; }

    /// <summary>The first lines that could not be read.</summary>
    public IReadOnlyList<UnreadLine> UnreadLines => _unread;

    /// <summary>The number of packets that the capturing program lost, from the summary that it prints at its end.</summary>
    public long Dropped { get; private set; }

    /// <summary>Reads the next packet. Returns null at the end of the text.</summary>
    public TracePacket? Read()
    {
        _open ??= _next;
        _next = null;
        while (_next is null && lines.TryRead(out string line))
            Take(line);
        TraceBlock? block = _open;
        _open = null;
        if (block is null)
            return null;
        TracePacket packet = block.Read();
        if (packet.Kind == TraceKind.Unreadable)
            Note(block);
        return packet;
    }

    private void Take(string line)
    {
        string text = PastedText.Clean(line);
        string content = text.Trim();
        if (content.Length == 0 || (_open is not null && _open.TryAddDump(content)))
            return;
        if (IsOmission(content))
        {
            _open?.End();
            return;
        }

        if (RowColumns.MayBe(content) && RowColumns.Read(RowCells.Split(content, out _)) is { } columns)
        {
            _columns = columns;
            return;
        }

        int indentation = PastedText.Indentation(text);
        if (Begin(content, indentation) is { } block)
        {
            _headIndentation = indentation;
            if (_open is null)
                _open = block;
            else
                _next = block;
            return;
        }

        NoteDropped(content);
        _open?.Add(content);
    }

    /// <summary>Returns the packet that begins with a line; null if no packet does.</summary>
    private TraceBlock? Begin(string content, int indentation)
    {
        int length = TraceTime.Read(content, out TraceTime time);
        string rest = length > 0 ? content[length..].TrimStart() : content;
        bool isTcpdump = length > 0 && rest.Length > 0 && (time.Digits >= TcpdumpDigits || (time.Digits >= 3 && TcpdumpLine.IsPacket(rest)));
        if (isTcpdump && (rest.StartsWith("IP", StringComparison.Ordinal) || rest.Contains("Flags [", StringComparison.Ordinal)))
            return Tcpdump(content, rest, time);
        TracePacket row = new();
        TraceReading reading = PacketRow.Read(content, _columns, row);
        if (reading != TraceReading.None)
            return new TraceBlock { Head = content, Line = content, LineNumber = lines.Count, Time = row.Time, IsRow = true, Columns = _columns, First = row, IsComplete = reading == TraceReading.Complete };
        if (isTcpdump)
            return Tcpdump(content, rest, time);
        if (length > 0)
            return null;
        bool isStart = !_haveTimes && (_open is null || (indentation <= _headIndentation && !_open.IsTunnel)) && (TcpdumpLine.IsStart(content) || (_open is not null && TcpdumpLine.IsOther(content)));
        bool isBare = !isStart && !_haveTimes && (_open is null || (_open.IsComplete && !_open.IsTunnel)) && TcpdumpSegment.Read(content, new TracePacket()) == TraceReading.Complete;
        return isStart || isBare ? Tcpdump(content, content, default) : null;
    }

    private TraceBlock Tcpdump(string line, string head, TraceTime time)
    {
        _haveTimes |= time.Form != TraceTimeForm.None;
        TracePacket first = new();
        bool isComplete = TcpdumpLine.Read(head, first) == TraceReading.Complete;
        return new TraceBlock { Head = head, Line = line, LineNumber = lines.Count, Time = time, First = first, IsComplete = isComplete };
    }

    private void Note(TraceBlock block)
    {
        Unread++;
        if (_unread.Count < MaxShown)
            _unread.Add(new UnreadLine(block.LineNumber, block.Line.Length > 120 ? block.Line[..120] + "…" : block.Line));
    }

    /// <summary>Reads the summary in the last lines of tcpdump: 12 packets dropped by kernel.</summary>
    private void NoteDropped(string content)
    {
        if (content.EndsWith("dropped by kernel", StringComparison.Ordinal) && TraceWords.TryLeading(content, out uint count, out _))
            Dropped += count;
    }

    /// <summary>Returns whether a line is a mark that people write in place of lines: ..., (omitted), [snip].</summary>
    private static bool IsOmission(string content)
    {
        string word = content.Trim('.', '…', '(', ')', '[', ']', '<', '>', '-', '*', ' ', ':');
        return content.Length <= 60 && content.Length > 1 && (word.Length == 0 ? content.Contains("..", StringComparison.Ordinal) || content.Contains('…', StringComparison.Ordinal)
            : word.Length < content.Length && (word.Contains("omitted", StringComparison.OrdinalIgnoreCase) || word.Contains("snip", StringComparison.OrdinalIgnoreCase) || word.Contains("skipped", StringComparison.OrdinalIgnoreCase) || word.Contains("truncated", StringComparison.OrdinalIgnoreCase) || word.Contains("cut", StringComparison.OrdinalIgnoreCase)));
    }
}
