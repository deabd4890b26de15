using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Removes IPv4 headers (RFC 791, section 3.1).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |Version|  IHL  |Type of Service|          Total Length         |
/// |         Identification        |Flags|      Fragment Offset    |
/// |  Time to Live |    Protocol   |         Header Checksum       |
/// |                       Source Address                          |
/// |                    Destination Address                        |
/// </code>
/// </summary>
internal static class IPv4
{
    private const int MinLength = 20;
    private const int TrafficClassAt = 1;
    private const int TotalLengthAt = 2;
    private const int IdentificationAt = 4;
    private const int FragmentAt = 6;
    private const int TimeToLiveAt = 8;
    private const int ProtocolAt = 9;
    private const int SourceAt = 12;
    private const int DestinationAt = 16;

    private const int DontFragment = 0x4000;
    private const int MoreFragments = 0x2000;
    private const int OffsetMask = 0x1FFF;

    /// <summary>
    /// Returns whether a packet is IPv4 although the layer below declares another protocol: its version and length fit, and it contains TCP.
    /// Otherwise it is damaged.
    /// </summary>
    public static bool IsWholeTcp(in Packet p)
    {
        ReadOnlySpan<byte> b = p.Bytes;
        return b.Length >= MinLength && b[0] >> 4 == 4 && (b[0] & 0x0F) * 4 >= MinLength && b[ProtocolAt] == IpProtocol.Tcp
            && BinaryPrimitives.ReadUInt16BigEndian(b[TotalLengthAt..]) is > MinLength and var length && length <= p.Length;
    }

    public static Layer Strip(ref Packet p)
    {
        ReadOnlySpan<byte> b = p.Bytes;
        if (b.Length < MinLength)
            return p.TooShort();
        int headerLength = (b[0] & 0x0F) * 4;
        if (b[0] >> 4 != 4 || headerLength < MinLength)
            return IPv6.IsWholeTcp(p) ? Layer.IPv6 : p.End(DecodeOutcome.Malformed); // the layer below may contain the wrong version

        // With segmentation offload, the packet is longer than the field can express, or the field is not set yet: 0 means "as long as the frame".
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(b[TotalLengthAt..]);
        if (totalLength == 0)
            totalLength = p.Length;
        if (totalLength < headerLength)
            return p.End(DecodeOutcome.Malformed);
        p.Limit(totalLength);
        if (p.Bytes.Length < headerLength)
            return p.TooShort();

        int fragment = BinaryPrimitives.ReadUInt16BigEndian(b[FragmentAt..]);
        ref IpHeader ip = ref p.Ip;
        ip.IsIPv6 = false;
        ip.Source = ip.HomeSource = IpBits.ReadIPv4(b[SourceAt..]);
        ip.Destination = ip.FinalDestination = IpBits.ReadIPv4(b[DestinationAt..]);
        ip.TimeToLive = b[TimeToLiveAt];
        ip.TrafficClass = b[TrafficClassAt];
        ip.Protocol = b[ProtocolAt];
        ip.Identification = BinaryPrimitives.ReadUInt16BigEndian(b[IdentificationAt..]);
        ip.DontFragment = (fragment & DontFragment) != 0;
        if (headerLength > MinLength)
            SourceRoute.ReadIPv4(b[MinLength..headerLength], ref ip);
        p.Strip(headerLength);

        if ((fragment & (MoreFragments | OffsetMask)) == 0)
            return IpProtocol.Next(ref p, ip.Protocol);
        ip.FragmentOffset = (fragment & OffsetMask) * 8;
        ip.MoreFragments = (fragment & MoreFragments) != 0;
        ip.FragmentId = ip.Identification;
        ip.FragmentLength = totalLength - headerLength;
        return Layer.Fragment;
    }
}
