using System.Buffers.Binary;
using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Wire;

/// <summary>Removes the headers that an operating system writes in place of a real link's header.</summary>
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

    /// <summary>Removes the header of Linux cooked captures: packet type (2), ARPHRD type (2), address (2+8), protocol (2).</summary>
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

    /// <summary>
    /// Removes the header of version 2 of Linux cooked captures: protocol (2), reserved (2), interface (4), ARPHRD type (2), packet type (1), address
    /// (1+8).
    /// </summary>
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

    /// <summary>
    /// Removes the address family (4) of a loopback interface. The byte order is that of the writer and is unknown; the numbers differ by system.
    /// </summary>
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

    /// <summary>
    /// Removes the header of OpenBSD's firewall log. The first byte is the header's length, which must be rounded up to a multiple of four; the
    /// second byte is the address family.
    /// </summary>
    public static Layer StripPfLog(ref Packet p)
    {
        if (p.Bytes.Length < 2)
            return p.TooShort();
        int length = (p.Bytes[0] + 3) & ~3;
        byte family = p.Bytes[1];
        if (p.Bytes.Length < length)
            return p.TooShort();
        if (length > PfLogDirectionAt && p.Bytes[PfLogDirectionAt] is 1 or 2)
            p.Direction = (PacketDirection)p.Bytes[PfLogDirectionAt]; // PF_IN and PF_OUT have the numbers of PacketDirection
        p.Strip(length);
        return Family(ref p, family);
    }

    /// <summary>Removes a header that begins with a byte for the direction: 0 for received, otherwise sent.</summary>
    public static Layer StripDirection(ref Packet p, int length, Layer next)
    {
        if (!p.Bytes.IsEmpty)
            p.Direction = p.Bytes[0] == 0 ? PacketDirection.Incoming : PacketDirection.Outgoing;
        return Ethernet.StripTo(ref p, length, next);
    }

    /// <summary>Returns whether a frame begins with a PKTAP header for packet data. Older macOS wrote it with a link type for private use.</summary>
    public static bool IsPktap(in Packet p) =>
        p.Bytes.Length >= PktapFlagsAt + 4
        && BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes) is >= ShortestPktap and <= 1024
        && BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes[4..]) == PktapPacket;

    /// <summary>
    /// Removes the PKTAP header of macOS (bsd/net/pktap.h): header length (4), record type (4), the link type of the rest (4), the interface's name
    /// (24), flags (4), and more, little-endian.
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
            p.Direction = (PacketDirection)direction; // PTH_FLAG_DIR_IN and PTH_FLAG_DIR_OUT have the numbers of PacketDirection
        p.Strip((int)length);
        return LinkLayer.Strip(ref p, (int)linkType);
    }

    /// <summary>
    /// Removes the NFLOG header: family (1), version (1), resource (2), then fields with a length (2) and a type (2), in the writer's byte order; the
    /// field of type 9 is the packet.
    /// </summary>
    public static Layer StripNfLog(ref Packet p)
    {
        const int Payload = 9;
        if (p.Bytes.Length < 8)
            return p.TooShort();
        byte family = p.Bytes[0];
        bool bigEndian = p.Bytes[4] == 0 && p.Bytes[5] != 0; // no field has 256 bytes, so a first byte of 0 shows the byte order
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

    /// <summary>Returns the direction of PACKET_HOST, _BROADCAST, _MULTICAST, _OTHERHOST or _OUTGOING of Linux's if_packet.h.</summary>
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

    /// <summary>
    /// Returns the layer of an address family: 2 is IPv4 on every system; IPv6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS.
    /// </summary>
    private static Layer Family(ref Packet p, uint family) => family switch
    {
        2 => Layer.IPv4,
        10 or 24 or 28 or 30 => Layer.IPv6,
        _ => p.End(DecodeOutcome.NotTcp),
    };
}
