using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Removes GRE headers (RFC 2784 and 2890, PPTP's version 1 of RFC 2637, section 4.1), and those of the protocols inside.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |C|R|K|S|s|Recur|A|Flags|  Ver  |         Protocol Type         |
/// </code>
/// </summary>
internal static class Gre
{
    private const int HeaderLength = 4;
    private const int Checksum = 0x8000;
    private const int Routing = 0x4000;
    private const int Key = 0x2000;
    private const int Sequence = 0x1000;
    private const int Acknowledgment = 0x0080;
    private const int Version = 0x0007;

    public static Layer Strip(ref Packet p)
    {
        ReadOnlySpan<byte> b = p.Bytes;
        if (b.Length < HeaderLength)
            return p.TooShort();
        int flags = BinaryPrimitives.ReadUInt16BigEndian(b);
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(b[2..]);
        int length = HeaderLength
            + ((flags & (Checksum | Routing)) != 0 ? 4 : 0)
            + ((flags & Key) != 0 ? 4 : 0)
            + ((flags & Sequence) != 0 ? 4 : 0)
            + ((flags & Version) == 1 && (flags & Acknowledgment) != 0 ? 4 : 0);
        if (b.Length < length)
            return p.TooShort();
        p.Strip(length);
        if ((flags & Routing) != 0 && !StripRouting(ref p))
            return p.TooShort();
        return type switch
        {
            0x88BE when (flags & Sequence) == 0 => Layer.Ethernet, // ERSPAN type I has no header
            0x88BE => Ethernet.StripTo(ref p, 8, Layer.Ethernet),
            0x22EB => StripErspan3(ref p),
            0x883E => StripRedirect(ref p),
            >= 0x8200 and <= 0x83F0 => Layer.Ieee80211, // Aruba access points: the low digits are a client's number
            _ => EtherType.Next(ref p, type),
        };
    }

    /// <summary>
    /// Removes the source route entries of RFC 1701: family (2), offset (1), length (1), up to an entry with family and length 0. Returns false if
    /// they are incomplete.
    /// </summary>
    private static bool StripRouting(ref Packet p)
    {
        while (p.Bytes.Length >= 4)
        {
            int length = p.Bytes[3];
            bool last = length == 0 && BinaryPrimitives.ReadUInt16BigEndian(p.Bytes) == 0;
            if (p.Bytes.Length < 4 + length)
                return false;
            p.Strip(4 + length);
            if (last)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Removes an ERSPAN type III header (draft-foschiano-erspan, section 4.3): 12 bytes; the 11th has the frame type, and the last bit of the 12th
    /// announces a trailer of 8 bytes.
    /// </summary>
    private static Layer StripErspan3(ref Packet p)
    {
        const int FixedLength = 12;
        if (p.Bytes.Length < FixedLength)
            return p.TooShort();
        int frameType = p.Bytes[10] >> 2 & 0x1F;
        int length = FixedLength + ((p.Bytes[11] & 1) != 0 ? 8 : 0);
        return frameType switch
        {
            0 => Ethernet.StripTo(ref p, length, Layer.Ethernet),
            2 => Ethernet.StripTo(ref p, length, Layer.Ip),
            _ => p.End(DecodeOutcome.UnknownProtocol),
        };
    }

    /// <summary>Removes the redirect header (4) of WCCP version 2. Version 1 has none: the packet's first four bits are then 4.</summary>
    private static Layer StripRedirect(ref Packet p)
    {
        if (p.Bytes.IsEmpty)
            return p.TooShort();
        return p.Bytes[0] >> 4 == 4 ? Layer.IPv4 : Ethernet.StripTo(ref p, 4, Layer.Ip);
    }
}
