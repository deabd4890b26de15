namespace BrokenPipeTools.Wire;

/// <summary>IANA protocol numbers, and those of them that can contain TCP.</summary>
internal static class IpProtocol
{
    public const byte HopByHop = 0;
    public const byte Icmp = 1;
    public const byte IPv4 = 4;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte IPv6 = 41;
    public const byte Routing = 43;
    public const byte Fragment = 44;
    public const byte Gre = 47;
    public const byte EncryptedPayload = 50;
    public const byte AuthenticationHeader = 51;
    public const byte Icmpv6 = 58;
    public const byte DestinationOptions = 60;
    public const byte EtherIp = 97;
    public const byte IpCompression = 108;
    public const byte Mobility = 135;
    public const byte MplsInIp = 137;
    public const byte HostIdentity = 139;
    public const byte Shim6 = 140;
    public const byte Ethernet = 143;

    public static Layer Next(ref Packet p, byte protocol) => protocol switch
    {
        Tcp => Layer.Tcp,
        Udp => Layer.Udp,
        Icmp => Layer.Icmp,
        Icmpv6 => Layer.Icmpv6,
        IPv4 => Layer.IPv4,
        IPv6 => Layer.IPv6,
        Gre => Layer.Gre,
        AuthenticationHeader => Layer.AuthenticationHeader,
        EtherIp => Layer.EtherIp,
        MplsInIp => Layer.Mpls,
        Ethernet => Layer.Ethernet,
        EncryptedPayload or IpCompression => p.End(DecodeOutcome.Opaque),
        _ => p.End(DecodeOutcome.NotTcp),
    };

    /// <summary>
    /// Removes an authentication header (RFC 4302, section 2): next header (1), length in words minus two (1), then the rest up to the protected
    /// data.
    /// </summary>
    public static Layer StripAuthenticationHeader(ref Packet p)
    {
        if (p.Bytes.Length < 12)
            return p.TooShort();
        int length = (p.Bytes[1] + 2) * 4;
        if (p.Bytes.Length < length)
            return p.TooShort();
        p.Ip.Protocol = p.Bytes[0];
        p.Strip(length);
        return Next(ref p, p.Ip.Protocol);
    }
}
