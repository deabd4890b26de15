using System.Buffers;

namespace BrokenPipeTools.Capture.Text;

/// <summary>Recognizes a trace that was printed as text, by its content.</summary>
internal static class TraceSniffer
{
    /// <summary>The most bytes of other text before the first packet.</summary>
    private const int MaxPreamble = 1 << 20;

    /// <summary>Text has at most one control character in this many bytes.</summary>
    private const int MaxControlShare = 16;

    private static readonly SearchValues<byte> Control = SearchValues.Create([1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);

    /// <summary>Returns whether the input is text with at least one packet in it. Reads no further than the first packet, and consumes nothing.</summary>
    public static bool IsTrace(CaptureInput input)
    {
        int from = 0;
        while (from < MaxPreamble)
        {
            ReadOnlySpan<byte> bytes = input.Window.Bytes;
            if (!IsText(bytes[from..Math.Min(bytes.Length, MaxPreamble)]))
                return false;
            int end = bytes.LastIndexOf((byte)'\n') + 1;
            bool isLast = end <= from && !HasMore(input, bytes.Length);
            if (isLast)
                end = bytes.Length;
            if (end > from && HasPacket(bytes[from..Math.Min(end, MaxPreamble)]))
                return true;
            from = Math.Max(from, end);
            if (isLast || (from == input.Window.Bytes.Length && !HasMore(input, from)))
                return false;
        }

        return false;
    }

    /// <summary>
    /// Returns whether bytes can be text: they contain no zeros, and few control characters other than those for lines, tabs and colors. tshark
    /// prints control characters of a payload unchanged.
    /// </summary>
    public static bool IsText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0))
            return false;
        int control = 0;
        for (int at = bytes.IndexOfAny(Control); at >= 0 && control <= bytes.Length / MaxControlShare; control++)
        {
            int next = bytes[(at + 1)..].IndexOfAny(Control);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return control <= bytes.Length / MaxControlShare;
    }

    private static bool HasMore(CaptureInput input, int length)
    {
        input.Peek(length + 1);
        return input.Window.Bytes.Length > length;
    }

    private static bool HasPacket(ReadOnlySpan<byte> bytes)
    {
        using CaptureInput text = new(Stream.Null, new ByteWindow(new MemoryStream(bytes.ToArray())), "");
        TracePackets packets = new(new TraceLines(text));
        while (packets.Read() is { } packet)
        {
            if (packet.IsSure)
                return true;
        }

        return false;
    }
}
