namespace BrokenPipeTools.Wire;

/// <summary>
/// The kind of header a packet has at its front. Each protocol is a function that takes its header off
/// and returns the layer underneath; <see cref="SegmentDecoder"/> calls them in turn.
/// </summary>
internal enum Layer : byte
{
    /// <summary>Nothing more to take off: <see cref="Packet.Outcome"/> has the reason.</summary>
    End,

    // the way to TCP
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
