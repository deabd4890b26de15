namespace BrokenPipeTools.Wire;

/// <summary>
/// The kind of the first header of a packet. For each protocol a function removes its header and returns the next layer; <see cref="SegmentDecoder"/>
/// calls these functions one after the other. Their comments list the fields of the header; a number in parentheses is the length of a field in
/// bytes.
/// </summary>
internal enum Layer : byte
{
    /// <summary>Nothing more to decode: <see cref="Packet.Outcome"/> has the result.</summary>
    End,

    // IP and TCP
    IPv4,
    IPv6,
    Ip,         // the first four bits are the version
    Fragment,
    Tcp,
    Udp,
    Icmp,
    Icmpv6,

    // local networks
    Ethernet,
    Vlan,
    Llc,
    Mpls,
    ProviderBackbone,
    FabricPath,
    VnTag,
    ETag,
    CiscoMetaData,
    Nsh,
    MacSec,
    Trill,
    Hsr,
    Ieee80211,

    // serial lines
    Ppp,
    Pppoe,
    CiscoHdlc,
    FrameRelay,

    // tunnels
    Gre,
    AuthenticationHeader,
    EtherIp,
}
