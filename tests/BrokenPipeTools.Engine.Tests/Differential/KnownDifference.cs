using BrokenPipeTools.Wire;
using PacketDotNet;

namespace BrokenPipeTools.Tests.Differential;

/// <summary>A class of frames that both decoders read differently, with the reason.</summary>
/// <param name="Name">The common property of the frames.</param>
/// <param name="Captured">How many of the captured frames belong to it.</param>
/// <param name="Reason">The reason for the difference.</param>
/// <param name="Matches">Whether a frame that differs belongs to it.</param>
internal sealed record KnownDifference(string Name, int Captured, string Reason, Func<FrameComparison, bool> Matches)
{
    /// <summary>All classes, in the order in which they are checked.</summary>
    public static IReadOnlyList<KnownDifference> All { get; } = [.. OnlyOurs(), .. OnlyTheirs(), .. InFields()];

    /// <summary>Whether both find the segment, and one of its fields differs.</summary>
    public bool IsInField { get; private init; }

    /// <summary>Whether random changes of a frame often cause it.</summary>
    public bool IsDamage { get; private init; }

    private static IEnumerable<KnownDifference> OnlyOurs() =>
    [
        new("unknown link type", 1395,
            "PacketDotNet decodes 11 link types, we more than 50",
            f => f.OnlyOurs && f.Peer is { Last: null, Thrown: NotSupportedException }),
        new("last fragment", 23,
            "we put the fragments of a datagram together; PacketDotNet stops at one that is not the first",
            f => f.OnlyOurs && f.Peer.Last is IPv4Packet { FragmentOffset: > 0 }),
        new("IPv6 length 0", 7,
            "BIG TCP; PacketDotNet reads nothing then, we read to the end of the frame",
            f => f.OnlyOurs && f.Peer.Last is IPv6Packet { PayloadLength: 0 }),
        new("tunnel in UDP", 86,
            "PacketDotNet does not decode GENEVE, GTP, MPLS and others in UDP",
            f => f.OnlyOurs && f.Peer.Last is UdpPacket),
        new("other EtherType", 15,
            "PacketDotNet does not decode MPLS, 802.3 with LLC, Cisco MetaData, WCCP and others in Ethernet and GRE",
            f => f.OnlyOurs && f.Peer.Last is EthernetPacket or Ieee8021QPacket or GrePacket),
        new("PPP with address and control", 4,
            "PacketDotNet takes these two bytes (RFC 1662, section 3.1) for the protocol",
            f => f.OnlyOurs && f.Peer.Last is PppPacket),
    ];

    private static IEnumerable<KnownDifference> OnlyTheirs() =>
    [
        new("first fragment", 16,
            "PacketDotNet decodes the first fragment alone; we wait for the others, so that the segment has its length",
            f => f.OnlyTheirs && f.Outcome == DecodeOutcome.FragmentHeld && f.Peer.IsFragment),
        new("cut in the TCP header", 1,
            "PacketDotNet reads on behind the end of the packet",
            f => f.OnlyTheirs && f.Outcome is DecodeOutcome.Snapped or DecodeOutcome.Malformed && f.Theirs!.IsCutInHeader) { IsDamage = true },
        new("contradictory IP header", 2,
            "PacketDotNet checks neither the version nor the lengths",
            f => f.OnlyTheirs && f.Outcome == DecodeOutcome.Malformed && f.Peer.HasBadIpHeader) { IsDamage = true },
        new("damaged tunnel", 0,
            "PacketDotNet checks neither the version of GRE nor if the outer packet has room for the inner one",
            f => f.OnlyTheirs && f.Outcome == DecodeOutcome.Malformed && f.Peer.Ip.Count > 1),
        new("Linux cooked address length", 0,
            "more than the 8 bytes that the field has; PacketDotNet does not look at it",
            f => f.OnlyTheirs && f.Outcome == DecodeOutcome.Malformed && f.Peer.LinkType == LinkType.LinuxSll),
        new("not an IPv6 extension header", 0,
            "PacketDotNet takes ESP and other protocols for extension headers (RFC 7045, section 4), and reads what follows as TCP",
            f => f.OnlyTheirs && f.Outcome != DecodeOutcome.Segment && f.Peer.Ip[^1] is IPv6Packet { ExtensionHeadersLength: > 0 }),
        new("BSD loopback family", 0,
            "PacketDotNet looks at only 16 of its 32 bits",
            f => f.OnlyTheirs && f.Outcome == DecodeOutcome.NotTcp && f.Peer.LinkType == LinkType.Null),
    ];

    private static IEnumerable<KnownDifference> InFields() =>
    [
        new("padding inside the IP length", 0,
            "an IPv4 packet of 46 bytes whose last 2 or 6 are zeros, without PSH: PacketDotNet takes them for payload",
            f => f.BothHaveSegment && f.Ours!.PayloadLength == 0 && f.Differences is ["PayloadLength"] or ["PayloadLength", "HasGoodChecksum"]) { IsInField = true },
        new("IPv4 length 0", 2,
            "BIG TCP or segmentation offload; PacketDotNet fills in the low 16 bits of the captured length, we read to the end of the frame",
            f => f.BothHaveSegment && f.Differences is ["PayloadLength"] && f.Theirs!.HasCapturedLength) { IsInField = true },
        new("longer than the frame", 0,
            "the IP header claims more bytes than the frame had; we check the sum over those that it had, PacketDotNet over none or others",
            f => f.BothHaveSegment && f.Differences is ["HasGoodChecksum"] && f.Theirs!.ClaimsTooMuch) { IsInField = true, IsDamage = true },
        new("shorter outer packet", 0,
            "an outer IP or UDP header leaves the inner packet fewer bytes than that claims; PacketDotNet follows the inner one",
            f => f.BothHaveSegment && f.Peer.Ip.Count > 1 && !f.Differences.Except(["PayloadLength", "HasGoodChecksum", "HasTimestamps", "WindowScale"]).Any()) { IsInField = true },
        new("source route or home address", 2,
            "the checksum is over the final destination (RFC 8200, section 8.1) and the home address (RFC 6275, section 6.3); PacketDotNet takes those of the IP header",
            f => f.BothHaveSegment && f.Differences is ["HasGoodChecksum"] && f.Theirs!.Ip is IPv6Packet { ExtensionHeadersLength: > 0 } or IPv4Packet { HeaderLength: > 5 })
            { IsInField = true },
    ];
}
