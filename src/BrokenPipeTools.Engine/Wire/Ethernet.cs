using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>Removes the headers of IEEE 802.3, and the tags between them and IP.</summary>
internal static class Ethernet
{
    private const int HeaderLength = 14;
    private const int TypeAt = 12;
    private const int IslHeaderLength = 26;

    /// <summary>Removes the header: destination (6), source (6), and an EtherType (2) or, up to 1500, the length of an 802.2 packet.</summary>
    public static Layer Strip(ref Packet p)
    {
        ReadOnlySpan<byte> b = p.Bytes;
        if (b.Length < HeaderLength)
            return p.TooShort();
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(b[TypeAt..]);
        if (type == EtherType.IPv4)
        {
            p.Strip(HeaderLength);
            return Layer.IPv4;
        }

        if (type <= 1500 && IsInterSwitchLink(b))
            return StripInterSwitchLink(ref p);
        p.Strip(HeaderLength);
        if (type <= 1500)
            p.Limit(type);
        return EtherType.Next(ref p, type);
    }

    /// <summary>Removes an IEEE 802.1Q tag: tag control (2), the EtherType of the payload (2).</summary>
    public static Layer StripVlan(ref Packet p)
    {
        const int TagLength = 4;
        if (p.Bytes.Length < TagLength)
            return p.TooShort();
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[2..]);
        p.Strip(TagLength);
        if (type <= 1500)
            p.Limit(type);
        return EtherType.Next(ref p, type);
    }

    /// <summary>Removes the service tag (4) of IEEE 802.1ah; the customer's Ethernet frame follows.</summary>
    public static Layer StripProviderBackbone(ref Packet p) => StripTo(ref p, 4, Layer.Ethernet);

    /// <summary>
    /// Removes the tag (2) of Cisco FabricPath, which comes before the real frame. The outer addresses of FabricPath look like those of Ethernet and
    /// were already removed.
    /// </summary>
    public static Layer StripFabricPath(ref Packet p) => StripTo(ref p, 2, Layer.Ethernet);

    /// <summary>Removes a Cisco VN-Tag: direction and interface ids (4), EtherType (2).</summary>
    public static Layer StripVnTag(ref Packet p) => StripToType(ref p, 4);

    /// <summary>Removes an IEEE 802.1BR E-TAG: priority and ingress id (2), group and id (2), their extensions (2), EtherType (2).</summary>
    public static Layer StripETag(ref Packet p) => StripToType(ref p, 6);

    /// <summary>Removes an HSR tag (IEC 62439-3): path and size (2), sequence (2), EtherType (2).</summary>
    public static Layer StripHsr(ref Packet p) => StripToType(ref p, 4);

    /// <summary>Removes Cisco metadata: version (1), length in words (1), options, EtherType (2).</summary>
    public static Layer StripCiscoMetaData(ref Packet p) =>
        p.Bytes.Length < 2 ? p.TooShort() : StripToType(ref p, 2 + (p.Bytes[1] * 4));

    /// <summary>
    /// Removes a TRILL header (RFC 6325, section 3): version, length of the options in words (5 bits), hop count, ingress, egress; an Ethernet frame
    /// follows.
    /// </summary>
    public static Layer StripTrill(ref Packet p)
    {
        if (p.Bytes.Length < 6)
            return p.TooShort();
        int options = (BinaryPrimitives.ReadUInt16BigEndian(p.Bytes) >> 6 & 0x1F) * 4;
        return StripTo(ref p, 6 + options, Layer.Ethernet);
    }

    /// <summary>Removes an IEEE 802.1AE tag: 6 bytes, 8 more if it contains the channel. The rest can be read only if it is not encrypted.</summary>
    public static Layer StripMacSec(ref Packet p)
    {
        const byte Encrypted = 0x08;
        const byte Changed = 0x04;
        const byte ExplicitChannel = 0x20;
        const int IntegrityCheckLength = 16;
        if (p.Bytes.Length < 6)
            return p.TooShort();
        if ((p.Bytes[0] & (Encrypted | Changed)) != 0)
            return p.End(DecodeOutcome.Opaque);
        int tag = (p.Bytes[0] & ExplicitChannel) != 0 ? 14 : 6;
        p.Limit(Math.Max(0, p.Length - IntegrityCheckLength)); // if the frame is shorter, nothing remains, not even the tag
        return StripToType(ref p, tag);
    }

    /// <summary>
    /// Removes a network service header (RFC 8300, section 2). The lower six bits of byte 1 are the length in words of four bytes, byte 3 is the next
    /// protocol.
    /// </summary>
    public static Layer StripNsh(ref Packet p)
    {
        if (p.Bytes.Length < 8)
            return p.TooShort();
        int length = (p.Bytes[1] & 0x3F) * 4;
        byte next = p.Bytes[3];
        if (length < 8)
            return p.End(DecodeOutcome.Malformed);
        if (p.Bytes.Length < length)
            return p.TooShort();
        p.Strip(length);
        return NextProtocol(ref p, next);
    }

    /// <summary>Returns the layer of a next-protocol number; NSH and VXLAN-GPE use the same numbers.</summary>
    public static Layer NextProtocol(ref Packet p, byte next) => next switch
    {
        1 => Layer.IPv4,
        2 => Layer.IPv6,
        3 => Layer.Ethernet,
        4 => Layer.Nsh,
        5 => Layer.Mpls,
        _ => p.End(DecodeOutcome.UnknownProtocol),
    };

    public static Layer StripTo(ref Packet p, int length, Layer next)
    {
        if (p.Bytes.Length < length)
            return p.TooShort();
        p.Strip(length);
        return next;
    }

    /// <summary>Removes <paramref name="length"/> bytes and the EtherType after them.</summary>
    public static Layer StripToType(ref Packet p, int length)
    {
        if (p.Bytes.Length < length + 2)
            return p.TooShort();
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[length..]);
        p.Strip(length + 2);
        return EtherType.Next(ref p, type);
    }

    /// <summary>Returns whether the frame is Cisco Inter-Switch Link: the first five bytes of its destination are 01-00-0C-00-00 or 03-00-0C-00-00.</summary>
    private static bool IsInterSwitchLink(ReadOnlySpan<byte> b) => b[0] is 0x01 or 0x03 or 0x0C && b[1] == 0 && b[2] == 0x0C && b[3] == 0 && b[4] == 0;

    private static Layer StripInterSwitchLink(ref Packet p) => StripTo(ref p, IslHeaderLength, Layer.Ethernet);
}
