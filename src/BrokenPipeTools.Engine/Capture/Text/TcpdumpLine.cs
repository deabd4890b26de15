namespace BrokenPipeTools.Capture.Text;

/// <summary>Reads a packet of tcpdump from its joined lines, without the time.</summary>
internal static class TcpdumpLine
{
    private static readonly string[] Starts = ["IP ", "IP6 ", "IP(", "IP,", "ARP", "arp ", "PPPoE", "MPLS", "vlan ", "truncated-ip", "ethertype ", "IPX", "STP", "LLDP", "CDP", "LLC", "802.1", "EAP", "Loopback", "Unknown", "unknown", "IGMP", "Flags ["];

    /// <summary>Returns whether a text begins as only lines of tcpdump do. Such a line needs no time (tcpdump -t).</summary>
    public static bool IsStart(ReadOnlySpan<char> text) =>
        text.StartsWith("IP ", StringComparison.Ordinal) || text.StartsWith("IP6 ", StringComparison.Ordinal) || text.StartsWith("ARP, ", StringComparison.Ordinal)
        || text.StartsWith("IP truncated-ip", StringComparison.Ordinal) || (DirectionOf(text) != PacketDirection.Unknown && text.IndexOf(" IP", StringComparison.Ordinal) > 0)
        || (IsLinkAddress(text) && (text.IndexOf("ethertype", StringComparison.Ordinal) > 0 || text.IndexOf("802.3", StringComparison.Ordinal) > 0));

    /// <summary>Returns whether a line without a time can be a packet of another protocol.</summary>
    public static bool IsOther(ReadOnlySpan<char> text)
    {
        foreach (string start in Starts)
        {
            if (text.StartsWith(start, StringComparison.Ordinal))
                return true;
        }

        return IsLinkAddress(text);
    }

    /// <summary>Returns whether the text after a time can be a packet.</summary>
    public static bool IsPacket(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        return IsOther(text) || text.IndexOf(" > ", StringComparison.Ordinal) > 0 || DirectionOf(text) != PacketDirection.Unknown;
    }

    /// <summary>Reads the packet.</summary>
    public static TraceReading Read(ReadOnlySpan<char> text, TracePacket packet)
    {
        packet.Direction = DirectionOf(text);
        if (TcpdumpIcmp.TryRead(text, packet))
        {
            return TraceReading.Complete;
        }

        TraceReading reading = TcpdumpSegment.Read(text, packet);
        if (reading != TraceReading.None)
        {
            int flags = text.LastIndexOf("Flags [", StringComparison.Ordinal);
            int header = text[..Math.Max(flags, 0)].LastIndexOf("(tos ", StringComparison.Ordinal);
            if (header < 0 && flags > 0)
                header = text[..flags].IndexOf('(');
            if (header >= 0)
                TcpdumpHeader.Read(text[header..flags], packet);
            return reading;
        }

        packet.Kind = IsIncomplete(text) ? TraceKind.Unreadable : TraceKind.Other;
        return packet.Kind == TraceKind.Other ? TraceReading.Complete : TraceReading.Partial;
    }

    /// <summary>Returns whether the text is only the beginning of a line, or a header without its TCP segment.</summary>
    private static bool IsIncomplete(ReadOnlySpan<char> text) =>
        text.IndexOf("proto TCP", StringComparison.Ordinal) >= 0 || text.IndexOf("proto: TCP", StringComparison.Ordinal) >= 0
        || text.IndexOf("next-header TCP", StringComparison.Ordinal) >= 0 || text.IndexOf(": Flags", StringComparison.Ordinal) >= 0 || text.IndexOf(": tcp", StringComparison.Ordinal) >= 0
        || text.IndexOf(": ", StringComparison.Ordinal) < 0;

    /// <summary>Returns the direction that tcpdump -i any prints: eth0  In  IP; older versions print In IP.</summary>
    private static PacketDirection DirectionOf(ReadOnlySpan<char> text)
    {
        for (int words = 0; words < 2; words++)
        {
            switch (TraceWords.NextWord(ref text))
            {
                case "In":
                    return PacketDirection.Incoming;
                case "Out":
                    return PacketDirection.Outgoing;
                case "P":
                    return PacketDirection.Passing;
                case "IP" or "IP6":
                    return PacketDirection.Unknown;
            }
        }

        return PacketDirection.Unknown;
    }

    /// <summary>Returns whether a text begins with an Ethernet address.</summary>
    public static bool IsLinkAddress(ReadOnlySpan<char> text)
    {
        if (text.Length < 17)
            return false;
        for (int i = 0; i < 17; i++)
        {
            if (i % 3 == 2 ? text[i] != ':' : !char.IsAsciiHexDigit(text[i]))
                return false;
        }

        return true;
    }
}
