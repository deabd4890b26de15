namespace BrokenPipeTools.Capture.Text;

/// <summary>Reads ICMP errors of tcpdump: A &gt; B: ICMP host C unreachable, length 36. With -v the quoted segment follows.</summary>
internal static class TcpdumpIcmp
{
    private const string Separator = " > ";

    private static readonly (string Text, byte Type, byte Code)[] Errors =
    [
        ("need to frag", 3, 4),
        ("source route failed", 3, 5),
        ("admin prohibited filter", 3, 13),
        ("host precedence violation", 3, 14),
        ("precedence cutoff", 3, 15),
        ("tcp port", 3, 3),
        ("udp port", 3, 3),
        ("protocol", 3, 2),
        ("time exceeded in-transit", 11, 0),
        ("ip reassembly time exceeded", 11, 1),
        ("redirect", 5, 1),
        ("source quench", 4, 0),
        ("parameter problem", 12, 0),
    ];

    private static readonly (string Text, byte Type, byte Code)[] Errors6 =
    [
        ("unreachable route", 1, 0),
        ("unreachable prohibited", 1, 1),
        ("beyond scope", 1, 2),
        ("unreachable address", 1, 3),
        ("unreachable port", 1, 4),
        ("packet too big", 2, 0),
        ("time exceeded in-transit", 3, 0),
        ("time exceeded reassembly", 3, 1),
        ("parameter problem", 4, 0),
    ];

    /// <summary>Reads an ICMP error. Returns false if the text is not one.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, TracePacket packet)
    {
        int at = text.IndexOf(": ICMP", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return false;
        bool isVersion6 = text[(at + 6)..].StartsWith("6", StringComparison.Ordinal);
        ReadOnlySpan<char> error = text[(at + 6)..];
        int quoted = error.IndexOf("(tos ", StringComparison.Ordinal);
        if (isVersion6)
            quoted = error.IndexOf("(flowlabel", StringComparison.Ordinal) is >= 0 and var label ? label : error.IndexOf("(hlim", StringComparison.Ordinal);
        ReadOnlySpan<char> inner = quoted < 0 ? default : error[quoted..];
        if (quoted >= 0)
            error = error[..quoted];
        if (!TryHosts(text[..at], packet) || !TryType(error, isVersion6, packet))
            return false;
        packet.Kind = TraceKind.IcmpError;
        ReadTarget(error, packet);
        if (inner.Length > 0)
            packet.Quoted = ReadQuoted(inner, packet);
        return true;
    }

    private static bool TryHosts(ReadOnlySpan<char> text, TracePacket packet)
    {
        int separator = text.LastIndexOf(Separator, StringComparison.Ordinal);
        if (separator < 0)
            return false;
        ReadOnlySpan<char> source = text[..separator].TrimEnd();
        source = source[(source.LastIndexOfAny(' ', '\t', ')') + 1)..];
        ReadOnlySpan<char> destination = text[(separator + Separator.Length)..].Trim();
        if (source.Length is 0 or > HostNames.MaxNameLength || destination.Length is 0 or > HostNames.MaxNameLength)
            return false;
        packet.SetHosts(source.ToString(), destination.ToString());
        return true;
    }

    private static bool TryType(ReadOnlySpan<char> error, bool isVersion6, TracePacket packet)
    {
        foreach ((string text, byte type, byte code) in isVersion6 ? Errors6 : Errors)
        {
            if (error.IndexOf(text, StringComparison.OrdinalIgnoreCase) < 0)
                continue;
            (packet.IcmpType, packet.IcmpCode) = (type, code);
            return true;
        }

        if (isVersion6 || error.IndexOf("unreachable", StringComparison.OrdinalIgnoreCase) < 0)
            return false;
        bool isHost = TraceWords.TryAfter(error, "host", out _);
        bool isProhibited = error.IndexOf("admin prohibited", StringComparison.Ordinal) >= 0;
        packet.IcmpType = 3;
        packet.IcmpCode = (isHost, isProhibited) switch { (true, true) => 10, (true, false) => 1, (false, true) => 9, _ => 0 };
        return true;
    }

    /// <summary>Reads the host and the port that were not reached, if they are printed.</summary>
    private static void ReadTarget(ReadOnlySpan<char> error, TracePacket packet)
    {
        if (TraceWords.TryNumber(error, "mtu", out uint mtu))
            packet.Mtu = (int)Math.Min(mtu, ushort.MaxValue);
        if (TraceWords.TryAfter(error, "tcp port", out ReadOnlySpan<char> port) && ServiceNames.TryPort(TraceWords.NextWord(ref port).TrimEnd(','), out int number))
            packet.QuotedTarget = packet.QuotedTarget with { Port = number };
        ReadOnlySpan<char> rest = error;
        while (TraceWords.NextWord(ref rest) is { Length: > 0 } word)
        {
            word = word.TrimEnd(',');
            if (word.Length is > 2 and <= HostNames.MaxNameLength && (word.Contains('.') || word.IndexOf(':') is > 0 and var colon && colon < word.Length - 1))
            {
                packet.QuotedTarget = packet.QuotedTarget with { Host = word.ToString() };
                return;
            }
        }
    }

    private static TracePacket? ReadQuoted(ReadOnlySpan<char> inner, TracePacket outer)
    {
        TracePacket quoted = new();
        int header = inner.IndexOf(") ", StringComparison.Ordinal);
        TcpdumpHeader.Read(header < 0 ? inner : inner[..header], quoted);
        if (TcpdumpSegment.Read(inner, quoted) != TraceReading.None)
            return quoted;
        int cut = inner.LastIndexOf("[|tcp]", StringComparison.Ordinal); // if only eight bytes are quoted, tcpdump prints nothing but the ports
        if (cut > 0 && TcpdumpSegment.TryEndpoints(inner[..cut], quoted))
            outer.QuotedTarget = quoted.Destination;
        return null;
    }
}
