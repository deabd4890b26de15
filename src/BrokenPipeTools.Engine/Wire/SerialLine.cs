using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>Removes the headers of PPP, PPPoE, Cisco HDLC and frame relay.</summary>
internal static class SerialLine
{
    /// <summary>
    /// Removes the header of PPP (RFC 1661, section 2) in the framing of RFC 1662: address FF and control 03 may be missing, and the protocol may
    /// have one byte (then its lowest bit is set). A capture of type PPP may also contain Cisco HDLC.
    /// </summary>
    public static Layer StripPpp(ref Packet p)
    {
        ReadOnlySpan<byte> b = p.Bytes;
        if (b.Length < 2)
            return p.TooShort();
        if (b[0] is 0x0F or 0x8F && b[1] == 0)
            return StripCiscoHdlc(ref p);
        if (b[0] == 0xFF && b[1] == 0x03)
        {
            p.Strip(2);
            b = p.Bytes;
            if (b.Length < 2)
                return p.TooShort();
        }

        bool compressed = (b[0] & 1) != 0;
        int protocol = compressed ? b[0] : BinaryPrimitives.ReadUInt16BigEndian(b);
        p.Strip(compressed ? 1 : 2);
        return protocol switch
        {
            0x0021 => Layer.IPv4,
            0x0057 => Layer.IPv6,
            0x0031 => StripBridged(ref p),
            0x003D => StripMultilink(ref p),
            0x0281 or 0x0283 => Layer.Mpls,
            0x0053 or 0x00FD or 0x002D => p.End(DecodeOutcome.Opaque), // encrypted, compressed, compressed TCP header
            _ => p.End(DecodeOutcome.NotTcp),
        };
    }

    /// <summary>Removes a PPPoE header (RFC 2516, section 4): version and type (1), code (1), session (2), length (2).</summary>
    public static Layer StripPppoe(ref Packet p)
    {
        if (p.Bytes.Length < 6)
            return p.TooShort();
        int length = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[4..]);
        p.Strip(6);
        p.Limit(length);
        return Layer.Ppp;
    }

    /// <summary>Removes a Cisco HDLC header: address (1), control (1), EtherType (2).</summary>
    public static Layer StripCiscoHdlc(ref Packet p) => Ethernet.StripToType(ref p, 2);

    /// <summary>
    /// Removes a frame relay header: a Q.922 address of 2 to 4 bytes, of which the last one has its lowest bit set; then control 03 and an NLPID (RFC
    /// 2427) or, in Cisco's encapsulation, an EtherType.
    /// </summary>
    public static Layer StripFrameRelay(ref Packet p)
    {
        int length = 0;
        while (length < p.Bytes.Length && length < 4 && (p.Bytes[length] & 1) == 0)
            length++;
        if (++length + 2 > p.Bytes.Length)
            return p.TooShort();
        if (length < 2 || length > 4)
            return p.End(DecodeOutcome.Malformed);
        if (p.Bytes[length] != 0x03)
            return Ethernet.StripToType(ref p, length);
        p.Strip(length + 1);
        return Llc.StripNlpid(ref p);
    }

    /// <summary>
    /// Removes the header of a bridged frame (RFC 3518, section 4.2): flags and padding (1), MAC type (1; 1 = Ethernet), then the bridged frame.
    /// </summary>
    private static Layer StripBridged(ref Packet p)
    {
        if (p.Bytes.Length < 2)
            return p.TooShort();
        return p.Bytes[1] == 1 ? Ethernet.StripTo(ref p, 2, Layer.Ethernet) : p.End(DecodeOutcome.UnknownProtocol);
    }

    /// <summary>
    /// Removes a multilink header (RFC 1990, section 3). Only a packet that is not split (its first and last fragment are one) can be read.
    /// </summary>
    private static Layer StripMultilink(ref Packet p)
    {
        const byte Whole = 0xC0;
        if (p.Bytes.Length < 4)
            return p.TooShort();
        return (p.Bytes[0] & Whole) == Whole ? Ethernet.StripTo(ref p, 4, Layer.Ppp) : p.End(DecodeOutcome.Opaque);
    }
}
