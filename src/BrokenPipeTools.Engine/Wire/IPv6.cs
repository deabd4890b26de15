using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Removes IPv6 headers (RFC 8200, section 3) and their extension headers (section 4).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |Version| Traffic Class |           Flow Label                  |
/// |         Payload Length        |  Next Header  |   Hop Limit   |
/// |                       Source Address (16 bytes)               |
/// |                    Destination Address (16 bytes)             |
/// </code>
/// </summary>
internal static class IPv6
{
    private const int HeaderLength = 40;
    private const int PayloadLengthAt = 4;
    private const int NextHeaderAt = 6;
    private const int HopLimitAt = 7;
    private const int SourceAt = 8;
    private const int DestinationAt = 24;

    private const int FragmentHeaderLength = 8;
    private const int OffsetMask = 0xFFF8;
    private const int MoreFragments = 1;

    /// <summary>
    /// Returns whether a packet is IPv6 although the layer below declares another protocol: its version and length fit, and it contains TCP.
    /// Otherwise it is damaged.
    /// </summary>
    public static bool IsWholeTcp(in Packet p)
    {
        ReadOnlySpan<byte> b = p.Bytes;
        return b.Length >= HeaderLength && b[0] >> 4 == 6 && b[NextHeaderAt] == IpProtocol.Tcp
            && BinaryPrimitives.ReadUInt16BigEndian(b[PayloadLengthAt..]) is > 0 and var length && length <= p.Length - HeaderLength;
    }

    public static Layer Strip(ref Packet p)
    {
        ReadOnlySpan<byte> b = p.Bytes;
        if (IPv4.IsWholeTcp(p))
            return Layer.IPv4; // the layer below contains the wrong version
        if (b.Length < HeaderLength)
            return p.TooShort();
        if (b[0] >> 4 != 6)
            return p.End(DecodeOutcome.Malformed);

        ref IpHeader ip = ref p.Ip;
        ip.IsIPv6 = true;
        ip.Source = ip.HomeSource = IpBits.ReadIPv6(b[SourceAt..]);
        ip.Destination = ip.FinalDestination = IpBits.ReadIPv6(b[DestinationAt..]);
        ip.TimeToLive = b[HopLimitAt];
        ip.TrafficClass = (byte)(b[0] << 4 | b[1] >> 4);
        ip.Identification = 0;
        ip.DontFragment = true; // RFC 8200, section 5: routers do not fragment
        ip.Protocol = b[NextHeaderAt];

        // 0 means a jumbogram (RFC 2675) or segmentation offload: as long as the frame.
        int payload = BinaryPrimitives.ReadUInt16BigEndian(b[PayloadLengthAt..]);
        p.Strip(HeaderLength);
        int beyond = payload == 0 ? 0 : Math.Max(0, payload - p.Length);
        if (payload != 0)
            p.Limit(payload);
        return IsExtension(ip.Protocol) ? StripExtensions(ref p, beyond) : IpProtocol.Next(ref p, ip.Protocol);
    }

    /// <summary>
    /// Removes the extension headers. There may be any number of them, as long as the packet has bytes for them. The IP header claims <paramref name="beyond"/> bytes more than the frame had.
    /// </summary>
    private static Layer StripExtensions(ref Packet p, int beyond)
    {
        ref IpHeader ip = ref p.Ip;
        while (IsExtension(ip.Protocol))
        {
            if (p.Bytes.Length < 8)
                return p.TooShort();
            if (ip.Protocol == IpProtocol.Fragment)
            {
                int fragment = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[2..]);
                ip.FragmentId = BinaryPrimitives.ReadUInt32BigEndian(p.Bytes[4..]);
                ip.FragmentOffset = fragment & OffsetMask;
                ip.MoreFragments = (fragment & MoreFragments) != 0;
                ip.Protocol = p.Bytes[0];
                p.Strip(FragmentHeaderLength);
                ip.FragmentLength = p.Length + beyond;
                if (ip.FragmentOffset != 0 || ip.MoreFragments)
                    return Layer.Fragment;
                continue; // an atomic fragment (RFC 6946) is complete
            }

            int length = (p.Bytes[1] + 1) * 8;
            if (p.Bytes.Length < length)
                return p.TooShort();
            if (ip.Protocol == IpProtocol.Routing)
                SourceRoute.ReadRouting(p.Bytes[..length], ref ip);
            else if (ip.Protocol == IpProtocol.DestinationOptions)
                SourceRoute.ReadDestinationOptions(p.Bytes[..length], ref ip);
            ip.Protocol = p.Bytes[0];
            p.Strip(length);
        }

        return IpProtocol.Next(ref p, ip.Protocol);
    }

    private static bool IsExtension(byte protocol) => protocol is IpProtocol.HopByHop or IpProtocol.Routing or IpProtocol.Fragment
        or IpProtocol.DestinationOptions or IpProtocol.Mobility or IpProtocol.HostIdentity or IpProtocol.Shim6;
}
