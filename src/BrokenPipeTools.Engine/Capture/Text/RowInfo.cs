using System.Buffers;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// Reads the column Info of tshark and Wireshark: 40000 → 443 [ACK] Seq=1 Ack=1 Win=64256 Len=0 TSval=10 TSecr=20, with notes of the expert
/// information before or after it.
/// </summary>
internal static class RowInfo
{
    private static readonly SearchValues<char> NotInFlags = SearchValues.Create("abcdfghijklmopqrstuvwxyz0123456789#=");

    /// <summary>The arrows that different versions print, also after a conversion with a wrong character set.</summary>
    private static readonly string[] Arrows = ["→", "->", "â†’", "\uFFFD\uFFFD\uFFFD", "\uFFFD", "&rarr;"];

    private static readonly (string Text, byte Type, byte Code)[] Errors =
    [
        ("Network unreachable", 3, 0),
        ("Host unreachable", 3, 1),
        ("Protocol unreachable", 3, 2),
        ("Port unreachable", 3, 3),
        ("Fragmentation needed", 3, 4),
        ("Source route failed", 3, 5),
        ("Network administratively prohibited", 3, 9),
        ("Host administratively prohibited", 3, 10),
        ("Communication administratively filtered", 3, 13),
        ("Destination unreachable", 3, 0),
        ("Time-to-live exceeded", 11, 0),
        ("Redirect", 5, 1),
        ("Source quench", 4, 0),
        ("Parameter problem", 12, 0),
    ];

    private static readonly (string Text, byte Type, byte Code)[] Errors6 =
    [
        ("no route to destination", 1, 0),
        ("dministratively prohibited", 1, 1),
        ("Address unreachable", 1, 3),
        ("Port unreachable", 1, 4),
        ("Destination Unreachable", 1, 0),
        ("Packet Too Big", 2, 0),
        ("Time Exceeded", 3, 0),
        ("Parameter Problem", 4, 0),
    ];

    /// <summary>Returns whether a word is an arrow between two ports.</summary>
    public static bool IsArrow(ReadOnlySpan<char> word) => word is ">" || IsAddressArrow(word);

    /// <summary>Returns whether a word is an arrow between two addresses. The plain &gt; of tcpdump is not one.</summary>
    public static bool IsAddressArrow(ReadOnlySpan<char> word) => word is "→" or "->" or "?" or "â†’" or "\uFFFD" or "\uFFFD\uFFFD\uFFFD" or "\x1A" or "=>";

    /// <summary>Reads a segment. Returns <see cref="TraceReading.None"/> if the column shows another protocol than TCP.</summary>
    public static TraceReading ReadSegment(string info, TracePacket packet)
    {
        ReadMarks(info, packet);
        for (int at = info.IndexOf('[', StringComparison.Ordinal); at >= 0; at = info.IndexOf('[', at + 1))
        {
            ReadOnlySpan<char> flags = TraceWords.Bracketed(info.AsSpan(at), '[', ']');
            if (!TryFlags(flags, out byte bits) || !TryPorts(info[..at], packet))
                continue;
            packet.Flags = bits;
            packet.Kind = TraceKind.Tcp;
            return ReadNumbers(info.AsSpan(Math.Min(at + flags.Length + 2, info.Length)), packet) ? TraceReading.Complete : TraceReading.Partial;
        }

        return TraceReading.None;
    }

    /// <summary>Reads an ICMP error. Returns false for another ICMP message.</summary>
    public static bool TryIcmp(string info, bool isVersion6, TracePacket packet)
    {
        foreach ((string text, byte type, byte code) in isVersion6 ? Errors6 : Errors)
        {
            if (!info.Contains(text, StringComparison.OrdinalIgnoreCase))
                continue;
            (packet.IcmpType, packet.IcmpCode, packet.Kind) = (type, code, TraceKind.IcmpError);
            return true;
        }

        return false;
    }

    private static void ReadMarks(string info, TracePacket packet)
    {
        packet.IsPortReused = info.Contains("[TCP Port numbers reused]", StringComparison.OrdinalIgnoreCase);
        packet.IsPart = info.Contains("reassembled PDU]", StringComparison.Ordinal) || info.Contains("PDU reassembled in", StringComparison.Ordinal);
        packet.IsOutOfOrder = info.Contains("[TCP Out-Of-Order]", StringComparison.OrdinalIgnoreCase);
        packet.IsAfterGap = info.Contains("[TCP Previous segment", StringComparison.OrdinalIgnoreCase) || info.Contains("unseen segment]", StringComparison.OrdinalIgnoreCase);
        packet.IsRetransmission = info.Contains("Retransmission]", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads flags such as SYN, ACK. The flags of ECN are accepted and ignored.</summary>
    private static bool TryFlags(ReadOnlySpan<char> text, out byte flags)
    {
        flags = 0;
        if (text.Length is 0 or > 60 || (text is not "<None>" && text.IndexOfAny(NotInFlags) >= 0 && !text.Contains("Reserved", StringComparison.Ordinal)))
            return false;
        foreach (string part in text.ToString().Split(','))
        {
            byte? flag = part.Trim() switch
            {
                "SYN" => TraceFlags.Syn,
                "ACK" => TraceFlags.Ack,
                "FIN" => TraceFlags.Fin,
                "RST" => TraceFlags.Rst,
                "PSH" => TraceFlags.Psh,
                "URG" => TraceFlags.Urg,
                "ECE" or "ECN" => TraceFlags.Ece,
                "CWR" => TraceFlags.Cwr,
                "<None>" or "NS" or "AE" or "Reserved" or "NONCE" => 0,
                _ => null,
            };
            if (flag is null)
                return false;
            flags |= flag.Value;
        }

        return true;
    }

    /// <summary>Reads two ports such as <c>40000 → 443</c> at the end of a text, with or without spaces.</summary>
    private static bool TryPorts(string text, TracePacket packet)
    {
        foreach (string arrow in Arrows)
            text = text.Replace(arrow, " > ", StringComparison.Ordinal);
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || words[^2] is not (">" or "?" or "\x1A") || !ServiceNames.TryPort(words[^3], out int source) || !ServiceNames.TryPort(words[^1], out int destination))
            return false;
        packet.SetPorts(source, destination);
        return true;
    }

    private static bool ReadNumbers(ReadOnlySpan<char> text, TracePacket packet)
    {
        bool hasSequence = TraceWords.TryNumber(text, "Seq=", out uint sequence);
        packet.Sequence = hasSequence ? new SequenceNumber(sequence) : null;
        if (TraceWords.TryNumber(text, "Ack=", out uint acknowledgment) && packet.Has(TraceFlags.Ack))
            packet.Acknowledgment = new SequenceNumber(acknowledgment);
        bool hasWindow = TraceWords.TryNumber(text, "Win=", out uint window);
        packet.Window = hasWindow ? (int)Math.Min(window, int.MaxValue) : null;
        bool hasLength = TraceWords.TryNumber(text, "Len=", out uint length) && length <= TcpdumpSegment.MaxPayload;
        packet.Length = hasLength ? (int)length : 0;
        if (TraceWords.TryNumber(text, "MSS=", out uint size) && size <= ushort.MaxValue)
            packet.SegmentSize = (int)size;
        if (TraceWords.TryNumber(text, "WS=", out uint scale) && scale is > 0 and <= 1 << 14)
            packet.WindowScale = (byte)System.Numerics.BitOperations.Log2(scale);
        packet.SackPermitted = text.IndexOf("SACK_PERM", StringComparison.Ordinal) >= 0;
        if (TraceWords.TryNumber(text, "TSval=", out uint value) || TraceWords.TryNumber(text, "TSV=", out value))
            packet.Timestamps = (value, TraceWords.TryNumber(text, "TSecr=", out uint echo) || TraceWords.TryNumber(text, "TSER=", out echo) ? echo : 0);
        if (TraceWords.TryNumber(text, "SLE=", out uint start) && TraceWords.TryNumber(text, "SRE=", out uint end))
            packet.Sack = new SequenceRange(new SequenceNumber(start), new SequenceNumber(end));
        return hasSequence && (hasWindow || packet.Has(TraceFlags.Rst)) && hasLength;
    }
}
