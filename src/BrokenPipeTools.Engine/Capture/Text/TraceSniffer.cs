namespace BrokenPipeTools.Capture.Text;

/// <summary>Recognises a trace that was printed as text, by its content.</summary>
internal static class TraceSniffer
{
    /// <summary>Bytes of other text that may stand before the first packet.</summary>
    private const int MaxPreamble = 1 << 20;

    /// <summary>Whether the input is text with at least one packet in it. Reads no further than that; nothing is taken from the input.</summary>
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

    /// <summary>Whether bytes can be text: no control characters but those of lines, tabs and colours.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes) =>
        !bytes.ContainsAnyInRange((byte)0, (byte)8) && !bytes.ContainsAnyInRange((byte)14, (byte)25);

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
