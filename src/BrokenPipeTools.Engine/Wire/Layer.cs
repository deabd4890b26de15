namespace BrokenPipeTools.Wire;

/// <summary>
/// The kind of the first header of a packet. Each protocol is a function that removes its header and returns the next layer; <see cref="SegmentDecoder"/> calls them one after the other.
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
