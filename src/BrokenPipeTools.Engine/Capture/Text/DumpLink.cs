using System.Buffers.Binary;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// Finds the first header of a hex dump. tcpdump -x and -X print the IP packet; -xx and -XX print the header of the link layer before it, but not the
/// type of that header. It is the link layer after whose header a valid IP header follows.
/// </summary>
internal static class DumpLink
{
    private static readonly (int LinkType, int Header, int TypeAt)[] Links =
    [
        (101, 0, -1), // raw IP
        (1, 14, 12), // Ethernet
        (113, 16, 14), // Linux cooked
        (276, 20, 0), // Linux cooked, version 2
        (0, 4, -1), // BSD loopback
    ];

    /// <summary>Returns the LINKTYPE_ number, and the length that the packet had on the wire.</summary>
    public static (int LinkType, int Length) Of(ReadOnlySpan<byte> bytes) => Find(bytes) is { } link
        ? (link.LinkType, Math.Max(link.Header + LengthOf(bytes, link.Header), bytes.Length))
        : (1, bytes.Length); // Ethernet with a VLAN tag, or without IP

    /// <summary>Returns whether the bytes are those of a segment: they have an IP header, and after it both ports of the segment.</summary>
    public static bool Holds(ReadOnlySpan<byte> bytes, TracePacket segment)
    {
        if (Find(bytes) is not { } link)
            return false;
        ReadOnlySpan<byte> ports = [(byte)(segment.Source.Port >> 8), (byte)segment.Source.Port, (byte)(segment.Destination.Port >> 8), (byte)segment.Destination.Port];
        return bytes[(link.Header + 20)..].IndexOf(ports) >= 0;
    }

    /// <summary>
    /// Finds the IP header. A header with a valid checksum is preferred to one whose type the link layer contains, because a hardware address may
    /// look like the beginning of an IP packet, and an IP address like a type.
    /// </summary>
    private static (int LinkType, int Header)? Find(ReadOnlySpan<byte> bytes)
    {
        (int LinkType, int Header)? found = null;
        foreach ((int linkType, int header, int typeAt) in Links)
        {
            if (LengthOf(bytes, header) == 0 || (typeAt >= 0 && !Announces(bytes[typeAt..], bytes[header])))
                continue;
            if (HasChecksum(bytes[header..]))
                return (linkType, header);
            if (found is null || (found is (101, _) && typeAt >= 0))
                found = (linkType, header);
        }

        return found;
    }

    private static bool Announces(ReadOnlySpan<byte> type, byte version) => BinaryPrimitives.ReadUInt16BigEndian(type) == (version >> 4 == 4 ? 0x0800 : 0x86DD);

    /// <summary>Returns whether an IPv4 header has a valid checksum (RFC 791: the sum of its words is all ones). IPv6 has no checksum.</summary>
    private static bool HasChecksum(ReadOnlySpan<byte> ip)
    {
        int length = (ip[0] & 0x0F) * 4;
        if (ip[0] >> 4 != 4 || ip.Length < length)
            return false;
        uint sum = 0;
        for (int i = 0; i < length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(ip[i..]);
        return (sum & 0xFFFF) + (sum >> 16) == 0xFFFF;
    }

    /// <summary>Returns the length that an IP header contains; 0 if there is no IP header.</summary>
    private static int LengthOf(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes.Length < at + 20)
            return 0;
        ReadOnlySpan<byte> ip = bytes[at..];
        if (ip[0] >> 4 == 4 && (ip[0] & 0x0F) >= 5)
            return Math.Max((int)BinaryPrimitives.ReadUInt16BigEndian(ip[2..]), 20);
        return ip[0] >> 4 == 6 && bytes.Length >= at + 40 ? 40 + BinaryPrimitives.ReadUInt16BigEndian(ip[4..]) : 0;
    }
}
