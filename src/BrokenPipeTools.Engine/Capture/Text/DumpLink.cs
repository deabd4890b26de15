using System.Buffers.Binary;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// Finds out how the bytes of a hex dump begin: <c>tcpdump -x</c> and <c>-X</c> print the IP packet, <c>-xx</c> and <c>-XX</c> the link layer's
/// header before it, which is not named. It is the one behind which an IP header fits.
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

    /// <summary>Returns the LINKTYPE_ number and the length that the packet had on the wire.</summary>
    public static (int LinkType, int Length) Of(ReadOnlySpan<byte> bytes)
    {
        foreach ((int linkType, int header, int typeAt) in Links)
        {
            if (LengthOf(bytes, header) is > 0 and var length && (typeAt < 0 || IsIp(bytes[typeAt..])))
                return (linkType, Math.Max(header + length, bytes.Length));
        }

        return (1, bytes.Length); // Ethernet with a tag, or without IP
    }

    /// <summary>Whether bytes are those of a segment: an IP header is found, and behind it both ports.</summary>
    public static bool Holds(ReadOnlySpan<byte> bytes, TracePacket segment)
    {
        foreach ((_, int header, int typeAt) in Links)
        {
            if (LengthOf(bytes, header) > 0 && (typeAt < 0 || IsIp(bytes[typeAt..])))
            {
                ReadOnlySpan<byte> ports = [(byte)(segment.SourcePort >> 8), (byte)segment.SourcePort, (byte)(segment.DestinationPort >> 8), (byte)segment.DestinationPort];
                return bytes[(header + 20)..].IndexOf(ports) >= 0;
            }
        }

        return false;
    }

    private static bool IsIp(ReadOnlySpan<byte> type) => BinaryPrimitives.ReadUInt16BigEndian(type) is 0x0800 or 0x86DD;

    /// <summary>The length that an IP header has; 0 if there is no such header.</summary>
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
