using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>Removes IEEE 802.2 headers: destination and source access points (1 each), control (1 or 2); RFC 1042 for SNAP.</summary>
internal static class Llc
{
    private const byte Snap = 0xAA;
    private const byte Ip = 0x06;
    private const byte Iso = 0xFE;
    private const byte UnnumberedInformation = 0x03;

    public static Layer Strip(ref Packet p)
    {
        ReadOnlySpan<byte> b = p.Bytes;
        if (b.Length < 3)
            return p.TooShort();
        byte service = b[0];
        if (b[2] != UnnumberedInformation)
            return p.End(DecodeOutcome.NotTcp);
        switch (service)
        {
            case Snap:
                p.Strip(3);
                return StripSnap(ref p);
            case Ip:
                p.Strip(3);
                return Layer.IPv4;
            case Iso:
                p.Strip(3);
                return StripNlpid(ref p);
            default:
                return p.End(DecodeOutcome.NotTcp);
        }
    }

    /// <summary>Removes a SNAP header: organization (3), then an EtherType or a value that the organization defines (2).</summary>
    public static Layer StripSnap(ref Packet p)
    {
        const int Encapsulated = 0x000000;
        const int BridgeTunnel = 0x0000F8;
        const int Bridged = 0x0080C2; // RFC 2684, section 5.2: 1 = with, 7 = without frame check sequence
        if (p.Bytes.Length < 5)
            return p.TooShort();
        int organization = (p.Bytes[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[1..]);
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[3..]);
        p.Strip(5);
        return organization switch
        {
            Encapsulated or BridgeTunnel when type > 1500 => EtherType.Next(ref p, type),
            Bridged when type is 1 or 7 => Layer.Ethernet,
            _ => p.End(DecodeOutcome.NotTcp),
        };
    }

    /// <summary>Removes an ISO 9577 network-layer protocol identifier, which RFC 2427 uses on frame relay.</summary>
    public static Layer StripNlpid(ref Packet p)
    {
        if (p.Bytes.IsEmpty)
            return p.TooShort();
        byte id = p.Bytes[0];
        p.Strip(1);
        return id switch
        {
            0x00 => StripNlpid(ref p), // padding
            0x80 => StripSnap(ref p),
            0xCC => Layer.IPv4,
            0x8E => Layer.IPv6,
            0xCF => Layer.Ppp,
            _ => p.End(DecodeOutcome.NotTcp),
        };
    }
}
