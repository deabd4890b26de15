namespace BrokenPipeTools.Wire;

/// <summary>Removes the header of each link type and returns the next layer.</summary>
internal static class LinkLayer
{
    public static Layer Strip(ref Packet p, int linkType) => linkType switch
    {
        LinkType.Ethernet => Layer.Ethernet,
        LinkType.LinuxSll => CookedCapture.StripSll(ref p),
        LinkType.LinuxSll2 => CookedCapture.StripSll2(ref p),
        LinkType.Raw or 12 or 14 => Layer.Ip, // DLT_RAW was 12 or 14 on some systems
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
        LinkType.BroadcomTag or LinkType.DistributedSwitch => Ethernet.StripToType(ref p, 16), // a switch's tag of 4 bytes after the addresses
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
        LinkType.TokenRing => TokenRing.Strip(ref p),
        LinkType.Fddi => Ethernet.StripTo(ref p, 13, Layer.Llc),
        LinkType.Arcnet => Arcnet.Strip(ref p, linux: false),
        LinkType.ArcnetLinux => Arcnet.Strip(ref p, linux: true),
        LinkType.AtmRfc1483 => Layer.Llc,
        LinkType.SunAtm => SunAtm.Strip(ref p),
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

    /// <summary>Removes the two reserved bytes after the type (RFC 4391, section 6).</summary>
    private static Layer StripReserved(ref Packet p, Layer next) => Ethernet.StripTo(ref p, 2, next);

    /// <summary>
    /// Removes Endace's extensible record header: time (8), type (1), flags (1), lengths and losses (6); then extension headers of 8, each announced
    /// by the first bit of the type before it; Ethernet has two bytes of padding.
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

    /// <summary>Removes the preamble of IEEE 802.3br up to a start delimiter (D5); an express frame follows.</summary>
    private static Layer StripMpacket(ref Packet p)
    {
        const byte StartOfFrame = 0xD5;
        int delimiter = p.Bytes[..Math.Min(8, p.Bytes.Length)].IndexOf(StartOfFrame);
        return delimiter < 0 ? p.End(DecodeOutcome.Opaque) : Ethernet.StripTo(ref p, delimiter + 1, Layer.Ethernet);
    }
}
