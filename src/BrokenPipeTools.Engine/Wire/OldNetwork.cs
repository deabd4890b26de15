using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>Token ring, ARCNET and ATM, which occur in old captures.</summary>
internal static class OldNetwork
{
    /// <summary>Access and frame control (2), destination (6), source (6); the source's first bit announces a route (5 bits of length).</summary>
    public static Layer StripTokenRing(ref Packet p)
    {
        const int HeaderLength = 14;
        const byte SourceRouted = 0x80;
        if (p.Bytes.Length < HeaderLength + 1)
            return p.TooShort();
        int route = (p.Bytes[8] & SourceRouted) != 0 ? p.Bytes[HeaderLength] & 0x1F : 0;
        return Ethernet.StripTo(ref p, HeaderLength + route, Layer.Llc);
    }

    /// <summary>
    /// Source (1), destination (1), on Linux an offset (2), protocol (1), split flag (1), sequence (2). RFC 1201, section 3:
    /// a flag of FF pads the packet and a second flag and sequence follow.
    /// </summary>
    public static Layer StripArcnet(ref Packet p, bool linux)
    {
        const byte Padded = 0xFF;
        int at = linux ? 4 : 2;
        if (p.Bytes.Length < at + 8)
            return p.TooShort();
        byte protocol = p.Bytes[at];
        int length = protocol switch
        {
            0xF0 or 0xF1 => at + 1, // RFC 1051: no flag, no sequence
            _ when p.Bytes[at + 1] == Padded => at + 8,
            _ => at + 4,
        };
        return protocol switch
        {
            0xD4 or 0xF0 => Ethernet.StripTo(ref p, length, Layer.IPv4),
            0xC4 => Ethernet.StripTo(ref p, length, Layer.IPv6),
            _ => p.End(DecodeOutcome.NotTcp),
        };
    }

    /// <summary>Flags (1), path (1), circuit (2); the low four bits of the flags are the kind of traffic: 1 LAN emulation, 2 LLC.</summary>
    public static Layer StripSunAtm(ref Packet p)
    {
        if (p.Bytes.Length < 4)
            return p.TooShort();
        int traffic = p.Bytes[0] & 0x0F;
        p.Strip(4);
        return traffic switch
        {
            1 => Ethernet.StripTo(ref p, 2, Layer.Ethernet),
            2 => Layer.Llc,
            _ => p.End(DecodeOutcome.NotTcp),
        };
    }
}
