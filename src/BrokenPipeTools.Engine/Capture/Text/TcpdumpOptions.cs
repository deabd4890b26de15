using System.Globalization;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>Reads the TCP options in a line of tcpdump: options [nop,nop,TS val 10 ecr 20]; version 3 prints &lt;nop,nop,timestamp 10 20&gt;.</summary>
internal static class TcpdumpOptions
{
    public static void Read(ReadOnlySpan<char> fields, TracePacket packet)
    {
        packet.LacksOptions |= fields.IndexOf("[|tcp]", StringComparison.Ordinal) >= 0 || fields.IndexOf("[|", StringComparison.Ordinal) >= 0;
        if (TraceWords.TryAfter(fields, "options", out ReadOnlySpan<char> rest) && rest.Length > 0 && rest[0] == '[')
            ReadList(TraceWords.Bracketed(rest, '[', ']'), packet);
        else if (fields.IndexOf('<') is >= 0 and var at)
            ReadList(TraceWords.Bracketed(fields[at..], '<', '>'), packet);
    }

    private static void ReadList(ReadOnlySpan<char> list, TracePacket packet)
    {
        if (TraceWords.TryNumber(list, "mss", out uint size) && size <= ushort.MaxValue)
            packet.SegmentSize = (int)size;
        if (TraceWords.TryNumber(list, "wscale", out uint scale) && scale < TracePacket.NoScale)
            packet.WindowScale = (byte)scale;
        packet.SackPermitted |= list.IndexOf("sackOK", StringComparison.OrdinalIgnoreCase) >= 0;
        if (TraceWords.TryNumber(list, "val", out uint value))
            packet.Timestamps = (value, TraceWords.TryNumber(list, "ecr", out uint echo) ? echo : 0);
        else if (TraceWords.TryAfter(list, "timestamp", out ReadOnlySpan<char> old) && TraceWords.TryLeading(old, out value, out old))
            packet.Timestamps = (value, TraceWords.TryLeading(old.TrimStart(), out uint echoed, out _) ? echoed : 0);
        int sack = list.IndexOf('{');
        if (sack >= 0 && TryRange(list[(sack + 1)..], out SequenceRange range))
            packet.Sack = range;
    }

    /// <summary>Reads a range such as 1449:1894.</summary>
    public static bool TryRange(ReadOnlySpan<char> text, out SequenceRange range)
    {
        uint end = 0;
        bool isRange = TraceWords.TryLeading(text, out uint start, out ReadOnlySpan<char> rest) && rest.Length > 1 && rest[0] == ':'
            && uint.TryParse(rest[1..(1 + DigitsOf(rest[1..]))], NumberStyles.None, CultureInfo.InvariantCulture, out end);
        range = new SequenceRange(new SequenceNumber(start), new SequenceNumber(end));
        return isRange;
    }

    private static int DigitsOf(ReadOnlySpan<char> text)
    {
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            digits++;
        return digits;
    }
}
