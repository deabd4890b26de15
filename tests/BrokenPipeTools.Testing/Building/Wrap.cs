namespace BrokenPipeTools.Testing.Building;

/// <summary>Every encapsulation of an IP packet that captures can have: the link type, and a function that puts an IP packet into a frame.</summary>
internal static class Wrap
{
    private static readonly byte[] Macs = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];

    private static readonly byte[] FrameCheck = [1, 2, 3, 4];

    public static byte[] Ethernet(byte[] ip) => [.. Macs, .. Ip.Type(ip), .. ip];

    public static byte[] Type(ushort type, byte[] payload) => [.. Macs, (byte)(type >> 8), (byte)type, .. payload];

    private static byte[] Snap(byte[] ip) => [0xAA, 0xAA, 3, 0, 0, 0, .. Ip.Type(ip), .. ip];

    private static byte[] Length(byte[] llc) => [.. Macs, (byte)(llc.Length >> 8), (byte)llc.Length, .. llc];

    private static byte[] PppProtocol(byte[] ip) => Ip.IsV6(ip) ? [0x00, 0x57] : [0x00, 0x21];

    private static byte[] Gre(byte[] flagsAndType, params byte[] rest) => Ip.V4(Ip.A4, Ip.B4, 47, [.. flagsAndType, .. rest]);

    private static byte[] Vxlan(byte[] ip) => Ip.UdpTunnel(4789, [8, 0, 0, 0, 0, 0, 1, 0, .. Ethernet(ip)]);

    private static byte[] Isl(byte[] frame) =>
        [1, 0, 0x0C, 0, 0, 0, 2, 0, 0, 0, 0, 1, (byte)((frame.Length + 12) >> 8), (byte)(frame.Length + 12), 0xAA, 0xAA, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0, .. frame, .. FrameCheck];

    /// <summary>macOS's PKTAP header: 108 bytes that contain the link type and the direction (1 for in, 2 for out).</summary>
    public static byte[] Pktap(byte direction, byte[] frame) => [108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, .. new byte[24], direction, .. new byte[71], .. frame];

    /// <summary>The header of a Linux cooked capture. The packet type is 0 for a received packet, 3 for another host's, 4 for a sent one.</summary>
    public static byte[] Cooked(byte packetType, byte[] ip) => [0, packetType, 0, 1, 0, 6, .. new byte[8], .. Ip.Type(ip), .. ip];

    public static byte[] Cooked2(byte packetType, byte[] ip) => [.. Ip.Type(ip), 0, 0, 0, 0, 0, 1, 0, 1, packetType, 6, .. new byte[8], .. ip];

    private static byte Family(byte[] ip, byte v6) => Ip.IsV6(ip) ? v6 : (byte)2;

    private static byte[] Wifi(byte[] ip) => [0x08, 0x01, 0, 0, .. Macs, 2, 0, 0, 0, 0, 3, 0, 0, .. Snap(ip)];

    public static IReadOnlyDictionary<string, (int LinkType, Func<byte[], byte[]> Put)> All { get; } = new Dictionary<string, (int, Func<byte[], byte[]>)>
    {
        ["Ethernet"] = (1, Ethernet),
        ["Ethernet, padded to 60"] = (1, ip => [.. Ethernet(ip), .. new byte[Math.Max(0, 60 - 14 - ip.Length)]]),
        ["Ethernet, with frame check"] = (1, ip => [.. Ethernet(ip), 1, 2, 3, 4]),
        ["802.3 with SNAP"] = (1, ip => Length(Snap(ip))),
        ["VLAN"] = (1, ip => Type(0x8100, [0, 5, .. Ip.Type(ip), .. ip])),
        ["QinQ"] = (1, ip => Type(0x88A8, [0, 5, 0x81, 0, 0, 6, .. Ip.Type(ip), .. ip])),
        ["VLAN with SNAP"] = (1, ip => Type(0x8100, [0, 5, (byte)(Snap(ip).Length >> 8), (byte)Snap(ip).Length, .. Snap(ip)])),
        ["ISL"] = (1, ip => Isl([.. Ethernet(ip), .. FrameCheck])),
        ["MPLS"] = (1, ip => Type(0x8847, [0, 1, 0x01, 64, .. ip])),
        ["MPLS, three labels"] = (1, ip => Type(0x8847, [0, 1, 0, 64, 0, 2, 0, 64, 0, 3, 0x01, 64, .. ip])),
        ["MPLS pseudowire with control word"] = (1, ip => Type(0x8847, [0, 1, 0x01, 64, 0, 0, 0, 0, .. Ethernet(ip)])),
        ["PPPoE"] = (1, ip => Type(0x8864, [0x11, 0, 0, 9, (byte)((ip.Length + 2) >> 8), (byte)(ip.Length + 2), .. PppProtocol(ip), .. ip])),
        ["Provider backbone"] = (1, ip => Type(0x88E7, [0, 0, 0, 9, .. Ethernet(ip)])),
        ["FabricPath"] = (1, ip => Type(0x8903, [0, 9, .. Ethernet(ip), .. FrameCheck])),
        ["VN-Tag"] = (1, ip => Type(0x8926, [0, 0, 0, 9, .. Ip.Type(ip), .. ip])),
        ["E-Tag"] = (1, ip => Type(0x893F, [0, 0, 0, 9, 0, 0, .. Ip.Type(ip), .. ip])),
        ["PKTAP"] = (258, ip => Pktap(1, Ethernet(ip))),
        ["Cisco metadata"] = (1, ip => Type(0x8909, [1, 1, 0, 1, 0, 5, .. Ip.Type(ip), .. ip])),
        ["NSH"] = (1, ip => Type(0x894F, [0, 0x06, 2, (byte)(Ip.IsV6(ip) ? 2 : 1), .. new byte[20], .. ip])),
        ["TRILL"] = (1, ip => Type(0x22F3, [0, 5, 0, 1, 0, 2, .. Ethernet(ip)])),
        ["HSR"] = (1, ip => Type(0x892F, [0, 60, 0, 1, .. Ip.Type(ip), .. ip])),
        ["MACsec, integrity only"] = (1, ip => Type(0x88E5, [0, 0, 0, 0, 0, 1, .. Ip.Type(ip), .. ip, .. new byte[16]])),
        ["Linux cooked"] = (113, ip => [0, 0, 0, 1, 0, 6, .. new byte[8], .. Ip.Type(ip), .. ip]),
        ["Linux cooked 2"] = (276, ip => [.. Ip.Type(ip), 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, .. new byte[8], .. ip]),
        ["Null, little-endian"] = (0, ip => [Family(ip, 30), 0, 0, 0, .. ip]),
        ["Null, big-endian"] = (0, ip => [0, 0, 0, Family(ip, 28), .. ip]),
        ["Loop"] = (108, ip => [0, 0, 0, Family(ip, 24), .. ip]),
        ["Raw"] = (101, ip => ip),
        ["IPv4 or IPv6"] = (-1, ip => ip), // the link type is 228 or 229
        ["PPP"] = (9, ip => [0xFF, 3, .. PppProtocol(ip), .. ip]),
        ["PPP, compressed"] = (9, ip => [PppProtocol(ip)[1], .. ip]),
        ["PPP with direction"] = (204, ip => [1, 0xFF, 3, .. PppProtocol(ip), .. ip]),
        ["PPP multilink, whole"] = (9, ip => [0xFF, 3, 0, 0x3D, 0xC0, 0, 0, 1, .. PppProtocol(ip), .. ip]),
        ["Cisco HDLC"] = (104, ip => [0x0F, 0, .. Ip.Type(ip), .. ip]),
        ["Frame relay, RFC 2427"] = (107, ip => [0x18, 0x41, 3, Ip.IsV6(ip) ? (byte)0x8E : (byte)0xCC, .. ip]),
        ["Frame relay, SNAP"] = (107, ip => [0x18, 0x41, 3, 0, 0x80, 0, 0, 0, .. Ip.Type(ip), .. ip]),
        ["Frame relay, Cisco"] = (107, ip => [0x18, 0x41, .. Ip.Type(ip), .. ip]),
        ["IP over FireWire"] = (138, ip => [.. new byte[16], .. Ip.Type(ip), .. ip]),
        ["ERF with extension header"] = (197, ip => [.. new byte[8], 0x82, 4, (byte)((ip.Length + 40) >> 8), (byte)(ip.Length + 40), 0, 0, 0, (byte)(ip.Length + 14), 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Ethernet(ip)]),
        ["IP over InfiniBand"] = (242, ip => [.. new byte[40], .. Ip.Type(ip), 0, 0, .. ip]),
        ["NFLOG"] = (239, ip => [Family(ip, 10), 0, 0, 5, 8, 0, 1, 0, 8, 0, 0, 0, (byte)(ip.Length + 4), (byte)((ip.Length + 4) >> 8), 9, 0, .. ip]),
        ["PFLOG"] = (117, ip => [61, Family(ip, 24), .. new byte[62], .. ip]),
        ["FDDI"] = (10, ip => [0x50, .. Macs, .. Snap(ip)]),
        ["Token ring with a route"] = (6, ip => [0x10, 0x40, 2, 0, 0, 0, 0, 2, 0x82, 0, 0, 0, 0, 1, 6, 0x30, 0, 1, 0, 2, .. Snap(ip)]),
        ["ARCNET, Linux"] = (129, ip => [1, 2, 0, 0, Ip.IsV6(ip) ? (byte)0xC4 : (byte)0xD4, 0, 0, 1, .. ip]),
        ["802.11"] = (105, Wifi),
        ["Radiotap"] = (127, ip => [0, 0, 8, 0, 0, 0, 0, 0, .. Wifi(ip)]),
        ["Ethernet preamble"] = (274, ip => [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xD5, .. Ethernet(ip)]),
        ["Juniper Ethernet"] = (178, ip => [0x4D, 0x47, 0x43, 0x80, 0, 6, 1, 2, 3, 4, 5, 6, .. Ethernet(ip)]),
        ["IP in IP"] = (1, ip => Ethernet(Ip.V4(Ip.A4, Ip.B4, Ip.IsV6(ip) ? (byte)41 : (byte)4, ip))),
        ["IP in IPv6"] = (1, ip => Ethernet(Ip.V6(Ip.A6, Ip.B6, Ip.IsV6(ip) ? (byte)41 : (byte)4, ip))),
        ["GRE"] = (1, ip => Ethernet(Gre([0, 0, .. Ip.Type(ip)], ip))),
        ["GRE with checksum, key, sequence"] = (1, ip => Ethernet(Gre([0xB0, 0, .. Ip.Type(ip)], [0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1, .. ip]))),
        ["GRE with Ethernet"] = (1, ip => Ethernet(Gre([0, 0, 0x65, 0x58], Ethernet(ip)))),
        ["PPTP"] = (1, ip => Ethernet(Gre([0x30, 0x81, 0x88, 0x0B], [0, 9, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0xFF, 3, .. PppProtocol(ip), .. ip]))),
        ["ERSPAN I"] = (1, ip => Ethernet(Gre([0, 0, 0x88, 0xBE], Ethernet(ip)))),
        ["ERSPAN II"] = (1, ip => Ethernet(Gre([0x10, 0, 0x88, 0xBE], [0, 0, 0, 1, 0x10, 0, 0, 0, 0, 0, 0, 0, .. Ethernet(ip)]))),
        ["ERSPAN III"] = (1, ip => Ethernet(Gre([0x10, 0, 0x22, 0xEB], [0, 0, 0, 1, 0x20, .. new byte[11], .. Ethernet(ip)]))),
        ["VXLAN"] = (1, ip => Ethernet(Vxlan(ip))),
        ["VXLAN-GPE"] = (1, ip => Ethernet(Ip.UdpTunnel(4790, [0x0C, 0, 0, (byte)(Ip.IsV6(ip) ? 2 : 1), 0, 0, 1, 0, .. ip]))),
        ["GENEVE with options"] = (1, ip => Ethernet(Ip.UdpTunnel(6081, [2, 0, 0x65, 0x58, 0, 0, 1, 0, .. new byte[8], .. Ethernet(ip)]))),
        ["GTP-U"] = (1, ip => Ethernet(Ip.UdpTunnel(2152, [0x30, 255, (byte)(ip.Length >> 8), (byte)ip.Length, 0, 0, 0, 1, .. ip]))),
        ["GTP-U with extension"] = (1, ip => Ethernet(Ip.UdpTunnel(2152, [0x34, 255, (byte)((ip.Length + 8) >> 8), (byte)(ip.Length + 8), 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 9, 0, .. ip]))),
        ["MPLS in UDP"] = (1, ip => Ethernet(Ip.UdpTunnel(6635, [0, 1, 0x01, 64, .. ip]))),
        ["GRE in UDP"] = (1, ip => Ethernet(Ip.UdpTunnel(4754, [0, 0, .. Ip.Type(ip), .. ip]))),
        ["L2TP"] = (1, ip => Ethernet(Ip.UdpTunnel(1701, [0x40, 2, (byte)((ip.Length + 12) >> 8), (byte)(ip.Length + 12), 0, 1, 0, 2, 0xFF, 3, .. PppProtocol(ip), .. ip]))),
        ["TZSP"] = (1, ip => Ethernet(Ip.UdpTunnel(37008, [1, 0, 0, 1, 0, 41, 2, 9, 9, 1, .. Ethernet(ip)]))),
        ["LISP"] = (1, ip => Ethernet(Ip.UdpTunnel(4341, [0x80, 0, 0, 1, 0, 0, 0, 0, .. ip]))),
        ["Authentication header"] = (1, ip => Ethernet(Ip.V4(Ip.A4, Ip.B4, 51, [Ip.IsV6(ip) ? (byte)41 : (byte)4, 4, 0, 0, .. new byte[20], .. ip]))),
        ["EtherIP"] = (1, ip => Ethernet(Ip.V4(Ip.A4, Ip.B4, 97, [0x30, 0, .. Ethernet(ip)]))),
        ["MPLS in IP"] = (1, ip => Ethernet(Ip.V4(Ip.A4, Ip.B4, 137, [0, 1, 0x01, 64, .. ip]))),
        ["A tunnel in a tunnel in a VLAN"] = (1, ip => Type(0x8100, [0, 5, 0x08, 0, .. Vxlan(Gre([0, 0, .. Ip.Type(ip)], ip))])),
    };
}
