using System.Buffers.Binary;
using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Wire;

/// <summary>How a frame of each link type begins: takes the link's header off and says what is underneath.</summary>
internal static class LinkLayer
{
    public static Layer Strip(ref Packet p, int linkType) => linkType switch
    {
        LinkType.Ethernet => Layer.Ethernet,
        LinkType.LinuxSll => CookedCapture.StripSll(ref p),
        LinkType.LinuxSll2 => CookedCapture.StripSll2(ref p),
        LinkType.Raw or 12 or 14 => Layer.Ip, // 12 and 14 are what DLT_RAW was on some systems
        LinkType.IPv4 => Layer.IPv4,
        LinkType.IPv6 => Layer.IPv6,
        LinkType.Null or LinkType.Loop => CookedCapture.StripLoopback(ref p),
        LinkType.Enc => Ethernet.StripTo(ref p, 12, Layer.Ip),
        LinkType.PfLog => CookedCapture.StripPfLog(ref p),
        LinkType.NfLog => CookedCapture.StripNfLog(ref p),
        LinkType.IpNet => Ethernet.StripTo(ref p, 24, Layer.Ip),
        LinkType.Slip => CookedCapture.StripDirection(ref p, 16, Layer.Ip),
        LinkType.Pktap => CookedCapture.StripPktap(ref p),
        LinkType.User2 when CookedCapture.IsPktap(p) => CookedCapture.StripPktap(ref p),
        LinkType.BroadcomTag or LinkType.DistributedSwitch => Ethernet.StripToType(ref p, 16), // a switch's tag of 4 after the addresses
        LinkType.DistributedSwitchEtherType => Ethernet.StripToType(ref p, 20),
        LinkType.BroadcomTagPrepended => Ethernet.StripTo(ref p, 4, Layer.Ethernet),
        LinkType.Ppp or LinkType.PppSerial => Layer.Ppp,
        LinkType.PppWithDirection => CookedCapture.StripDirection(ref p, 1, Layer.Ppp),
        LinkType.PppEther => Layer.Pppoe,
        LinkType.CiscoHdlc => Layer.CiscoHdlc,
        LinkType.CiscoHdlcWithDirection => CookedCapture.StripDirection(ref p, 1, Layer.CiscoHdlc),
        LinkType.FrameRelay => Layer.FrameRelay,
        LinkType.FrameRelayWithDirection => CookedCapture.StripDirection(ref p, 1, Layer.FrameRelay),
        LinkType.Ieee80211 => Layer.Ieee80211,
        LinkType.Radiotap => Wireless.StripRadiotap(ref p),
        LinkType.Prism => Wireless.StripPrism(ref p),
        LinkType.Avs => Wireless.StripAvs(ref p),
        LinkType.Ppi => Wireless.StripPpi(ref p),
        LinkType.TokenRing => OldNetwork.StripTokenRing(ref p),
        LinkType.Fddi => Ethernet.StripTo(ref p, 13, Layer.Llc),
        LinkType.Arcnet => OldNetwork.StripArcnet(ref p, linux: false),
        LinkType.ArcnetLinux => OldNetwork.StripArcnet(ref p, linux: true),
        LinkType.AtmRfc1483 => Layer.Llc,
        LinkType.SunAtm => OldNetwork.StripSunAtm(ref p),
        LinkType.IpOverFibreChannel => Ethernet.StripTo(ref p, 16, Layer.Llc),
        LinkType.IpOverInfiniband => Ethernet.StripToType(ref p, 40) is var next && next != Layer.End ? StripReserved(ref p, next) : Layer.End,
        LinkType.AppleIpOverIeee1394 => Ethernet.StripToType(ref p, 16),
        LinkType.Erf => StripErf(ref p),
        LinkType.NetAnalyzer => Ethernet.StripTo(ref p, 4, Layer.Ethernet),
        LinkType.NetAnalyzerTransparent => Ethernet.StripTo(ref p, 12, Layer.Ethernet),
        LinkType.EthernetMpacket => StripMpacket(ref p),
        LinkType.JuniperEthernet => Juniper.Strip(ref p, Layer.Ethernet),
        LinkType.JuniperPpp => Juniper.Strip(ref p, Layer.Ppp),
        LinkType.JuniperFrameRelay => Juniper.Strip(ref p, Layer.FrameRelay),
        LinkType.JuniperCiscoHdlc => Juniper.Strip(ref p, Layer.CiscoHdlc),
        _ => p.End(DecodeOutcome.UnknownLinkType),
    };

    /// <summary>RFC 4391, section 6: two reserved bytes follow the type.</summary>
    private static Layer StripReserved(ref Packet p, Layer next) => Ethernet.StripTo(ref p, 2, next);

    /// <summary>
    /// Endace's extensible record: time (8), type (1), flags (1), lengths and losses (6); then extension headers of 8, each announced by
    /// the first bit of the type before it; Ethernet has two bytes of padding.
    /// </summary>
    private static Layer StripErf(ref Packet p)
    {
        const byte More = 0x80;
        if (p.Bytes.Length < 16)
            return p.TooShort();
        byte type = (byte)(p.Bytes[8] & ~More);
        bool more = (p.Bytes[8] & More) != 0;
        p.Strip(16);
        while (more)
        {
            if (p.Bytes.Length < 8)
                return p.TooShort();
            more = (p.Bytes[0] & More) != 0;
            p.Strip(8);
        }

        return type switch
        {
            2 or 11 or 16 or 20 => Ethernet.StripTo(ref p, 2, Layer.Ethernet),
            1 or 10 or 15 => Layer.Ppp, // packet over SONET: PPP or Cisco HDLC
            22 => Layer.IPv4,
            23 => Layer.IPv6,
            _ => p.End(DecodeOutcome.UnknownProtocol),
        };
    }

    /// <summary>IEEE 802.3br: the preamble up to a start delimiter (D5), then an express frame.</summary>
    private static Layer StripMpacket(ref Packet p)
    {
        const byte StartOfFrame = 0xD5;
        int delimiter = p.Bytes[..Math.Min(8, p.Bytes.Length)].IndexOf(StartOfFrame);
        return delimiter < 0 ? p.End(DecodeOutcome.Opaque) : Ethernet.StripTo(ref p, delimiter + 1, Layer.Ethernet);
    }
}

/// <summary>Headers that an operating system puts in place of a real link's.</summary>
internal static class CookedCapture
{
    private const int PfLogDirectionAt = 60;
    private const int PktapFlagsAt = 36;
    private const uint PktapDirectionMask = 3;
    private const uint PktapPacket = 1;  // PTH_TYPE_PACKET
    private const uint ShortestPktap = 108;

    private const ushort ArphrdGre = 778;
    private const ushort ArphrdRadiotap = 803;
    private const ushort ArphrdNetlink = 824;

    /// <summary>Linux cooked capture: packet type (2), ARPHRD type (2), address (2+8), protocol (2).</summary>
    public static Layer StripSll(ref Packet p)
    {
        if (p.Bytes.Length < 16)
            return p.TooShort();
        p.Direction = DirectionOf(BinaryPrimitives.ReadUInt16BigEndian(p.Bytes));
        ushort hardware = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[2..]);
        ushort protocol = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[14..]);
        p.Strip(16);
        return Cooked(ref p, hardware, protocol);
    }

    /// <summary>Version 2: protocol (2), reserved (2), interface (4), ARPHRD type (2), packet type (1), address (1+8).</summary>
    public static Layer StripSll2(ref Packet p)
    {
        if (p.Bytes.Length < 20)
            return p.TooShort();
        ushort protocol = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes);
        ushort hardware = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[8..]);
        p.Direction = DirectionOf(p.Bytes[10]);
        p.Strip(20);
        return Cooked(ref p, hardware, protocol);
    }

    /// <summary>An address family in the byte order of the writer, whichever that was; the numbers differ by system.</summary>
    public static Layer StripLoopback(ref Packet p)
    {
        if (p.Bytes.Length < 4)
            return p.TooShort();
        if (p.Bytes[0] == 0xFF && p.Bytes[1] == 0x03)
            return Layer.Ppp; // some systems give PPP interfaces this link type
        uint family = BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes);
        if (family > 0xFFFF)
            family = BinaryPrimitives.ReverseEndianness(family);
        p.Strip(4);
        return Family(ref p, family);
    }

    /// <summary>OpenBSD: the first byte is the header's length, which is then rounded up to four; the second the address family.</summary>
    public static Layer StripPfLog(ref Packet p)
    {
        if (p.Bytes.Length < 2)
            return p.TooShort();
        int length = (p.Bytes[0] + 3) & ~3;
        byte family = p.Bytes[1];
        if (p.Bytes.Length < length)
            return p.TooShort();
        if (length > PfLogDirectionAt && p.Bytes[PfLogDirectionAt] is 1 or 2)
            p.Direction = (PacketDirection)p.Bytes[PfLogDirectionAt]; // PF_IN and PF_OUT are the same numbers
        p.Strip(length);
        return Family(ref p, family);
    }

    /// <summary>A header that begins with a byte for the direction: 0 for received, else sent.</summary>
    public static Layer StripDirection(ref Packet p, int length, Layer next)
    {
        if (!p.Bytes.IsEmpty)
            p.Direction = p.Bytes[0] == 0 ? PacketDirection.Incoming : PacketDirection.Outgoing;
        return Ethernet.StripTo(ref p, length, next);
    }

    /// <summary>Whether a frame of a link type for private use, under which older macOS wrote it, begins with a PKTAP header of packet data.</summary>
    public static bool IsPktap(in Packet p) =>
        p.Bytes.Length >= PktapFlagsAt + 4
        && BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes) is >= ShortestPktap and <= 1024
        && BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes[4..]) == PktapPacket;

    /// <summary>
    /// macOS (bsd/net/pktap.h): header length (4), record type (4), the link type of the rest (4), the interface's name (24), flags
    /// (4), and more, little-endian.
    /// </summary>
    public static Layer StripPktap(ref Packet p)
    {
        if (p.Bytes.Length < 12)
            return p.TooShort();
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes);
        uint linkType = BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes[8..]);
        if (length is < 12 or > 1024 || linkType is LinkType.Pktap or > ushort.MaxValue)
            return p.End(DecodeOutcome.Malformed);
        if (p.Bytes.Length < length)
            return p.TooShort();
        if (length >= PktapFlagsAt + 4 && (BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes[PktapFlagsAt..]) & PktapDirectionMask) is > 0 and < PktapDirectionMask and var direction)
            p.Direction = (PacketDirection)direction; // PTH_FLAG_DIR_IN and PTH_FLAG_DIR_OUT are the same numbers
        p.Strip((int)length);
        return LinkLayer.Strip(ref p, (int)linkType);
    }

    /// <summary>Family (1), version (1), resource (2), then fields of length (2) and type (2) in the writer's order; type 9 is the packet.</summary>
    public static Layer StripNfLog(ref Packet p)
    {
        const int Payload = 9;
        if (p.Bytes.Length < 8)
            return p.TooShort();
        byte family = p.Bytes[0];
        bool bigEndian = p.Bytes[4] == 0 && p.Bytes[5] != 0; // no field is 256 bytes long and ends in a zero low byte first
        p.Strip(4);
        while (p.Bytes.Length >= 4)
        {
            int length = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(p.Bytes) : BinaryPrimitives.ReadUInt16LittleEndian(p.Bytes);
            int type = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[2..]) : BinaryPrimitives.ReadUInt16LittleEndian(p.Bytes[2..]);
            if (length < 4)
                return p.End(DecodeOutcome.Malformed);
            if (type == Payload)
            {
                p.Strip(4);
                p.Limit(length - 4);
                return Family(ref p, family);
            }

            int padded = (length + 3) & ~3;
            if (p.Bytes.Length < padded)
                return p.TooShort();
            p.Strip(padded);
        }

        return p.TooShort();
    }

    /// <summary>PACKET_HOST, _BROADCAST, _MULTICAST, _OTHERHOST and _OUTGOING of Linux's if_packet.h.</summary>
    private static PacketDirection DirectionOf(int packetType) => packetType switch
    {
        0 or 1 or 2 => PacketDirection.Incoming,
        3 => PacketDirection.Passing,
        4 => PacketDirection.Outgoing,
        _ => PacketDirection.Unknown,
    };

    private static Layer Cooked(ref Packet p, ushort hardware, ushort protocol) => (hardware, protocol) switch
    {
        (ArphrdNetlink, _) => p.End(DecodeOutcome.NotTcp),
        (ArphrdGre, _) => Layer.Gre,
        (ArphrdRadiotap, _) => Wireless.StripRadiotap(ref p),
        (_, 0x0001) => p.End(DecodeOutcome.NotTcp), // Novell 802.3
        (_, 0x0004) => Layer.Llc,
        _ => EtherType.Next(ref p, protocol),
    };

    /// <summary>2 is IPv4 everywhere; IPv6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS.</summary>
    private static Layer Family(ref Packet p, uint family) => family switch
    {
        2 => Layer.IPv4,
        10 or 24 or 28 or 30 => Layer.IPv6,
        _ => p.End(DecodeOutcome.NotTcp),
    };
}
