using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>Removes UDP headers (RFC 768), and those of the tunnels that use UDP on their registered ports.</summary>
internal static class UdpTunnel
{
    private const int HeaderLength = 8;

    public static Layer Strip(ref Packet p)
    {
        ReadOnlySpan<byte> b = p.Bytes;
        if (b.Length < HeaderLength)
            return p.TooShort();
        ushort source = BinaryPrimitives.ReadUInt16BigEndian(b);
        ushort destination = BinaryPrimitives.ReadUInt16BigEndian(b[2..]);
        ushort port = IsTunnel(destination) ? destination : source;
        if (!IsTunnel(port) || p.Ip.IsLoneFragment)
            return p.End(DecodeOutcome.NotTcp);
        int length = BinaryPrimitives.ReadUInt16BigEndian(b[4..]);
        if (length >= HeaderLength)
            p.Limit(length);
        p.Strip(HeaderLength);
        return port switch
        {
            4789 => Ethernet.StripTo(ref p, 8, Layer.Ethernet),
            4790 => StripVxlanGpe(ref p),
            6081 => StripGeneve(ref p),
            2152 => StripGtp(ref p),
            4754 => Layer.Gre,
            6635 => Layer.Mpls,
            3544 => StripTeredo(ref p),
            5072 => StripAyiya(ref p),
            1701 => StripL2tp(ref p),
            37008 => StripTzsp(ref p),
            _ => Ethernet.StripTo(ref p, 8, Layer.Ip), // 4341, LISP data: RFC 9300, section 5.3
        };
    }

    private static bool IsTunnel(ushort port) => port is 4789 or 4790 or 6081 or 2152 or 4754 or 6635 or 3544 or 5072 or 1701 or 4341 or 37008;

    /// <summary>Removes a VXLAN-GPE header (draft-ietf-nvo3-vxlan-gpe): the fourth byte is the next protocol if flag P (0x04) is set.</summary>
    private static Layer StripVxlanGpe(ref Packet p)
    {
        const byte HasNextProtocol = 0x04;
        if (p.Bytes.Length < 8)
            return p.TooShort();
        byte next = (p.Bytes[0] & HasNextProtocol) != 0 ? p.Bytes[3] : (byte)3;
        p.Strip(8);
        return Ethernet.NextProtocol(ref p, next);
    }

    /// <summary>
    /// Removes a GENEVE header (RFC 8926, section 3.4): version (2 bits), length of the options in words (6 bits), flags, EtherType, network (4),
    /// options.
    /// </summary>
    private static Layer StripGeneve(ref Packet p)
    {
        if (p.Bytes.Length < 8)
            return p.TooShort();
        int length = 8 + ((p.Bytes[0] & 0x3F) * 4);
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[2..]);
        if (p.Bytes.Length < length)
            return p.TooShort();
        p.Strip(length);
        return EtherType.Next(ref p, type);
    }

    /// <summary>Removes a GTP-U header (3GPP TS 29.281, section 5.1): flags, message type (255 = user data), length, tunnel; then optional parts.</summary>
    private static Layer StripGtp(ref Packet p)
    {
        const byte UserData = 255;
        const byte Extension = 0x04;
        const byte AnyOptional = 0x07;
        if (p.Bytes.Length < 8)
            return p.TooShort();
        byte flags = p.Bytes[0];
        if (flags >> 5 != 1 || p.Bytes[1] != UserData)
            return p.End(DecodeOutcome.NotTcp);
        p.Limit(8 + BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[2..]));
        if ((flags & AnyOptional) == 0)
            return Ethernet.StripTo(ref p, 8, Layer.Ip);
        if (p.Bytes.Length < 12)
            return p.TooShort();
        byte next = (flags & Extension) != 0 ? p.Bytes[11] : (byte)0;
        p.Strip(12);
        while (next != 0)
        {
            if (p.Bytes.IsEmpty)
                return p.TooShort();
            int length = p.Bytes[0] * 4;
            if (length == 0)
                return p.End(DecodeOutcome.Malformed);
            if (p.Bytes.Length < length)
                return p.TooShort();
            next = p.Bytes[length - 1];
            p.Strip(length);
        }

        return Layer.Ip;
    }

    /// <summary>
    /// Removes the parts of Teredo before the IPv6 packet (RFC 4380, section 5.1.1): authentication (type 0001) and origin (type 0000); both may be
    /// missing.
    /// </summary>
    private static Layer StripTeredo(ref Packet p)
    {
        if (p.Bytes.Length >= 4 && p.Bytes[0] == 0 && p.Bytes[1] == 1)
        {
            int length = 4 + p.Bytes[2] + p.Bytes[3] + 9;
            if (p.Bytes.Length < length)
                return p.TooShort();
            p.Strip(length);
        }

        if (p.Bytes.Length >= 8 && p.Bytes[0] == 0 && p.Bytes[1] == 0)
            p.Strip(8);
        return !p.Bytes.IsEmpty && p.Bytes[0] >> 4 == 6 ? Layer.IPv6 : p.End(DecodeOutcome.NotTcp);
    }

    /// <summary>
    /// Removes an AYIYA header (draft-massar-v6ops-ayiya): lengths of identity (a power of two) and signature (words), next header, epoch (4).
    /// </summary>
    private static Layer StripAyiya(ref Packet p)
    {
        const byte Forward = 1;
        if (p.Bytes.Length < 8)
            return p.TooShort();
        int length = 8 + (1 << (p.Bytes[0] >> 4)) + ((p.Bytes[1] >> 4) * 4);
        if ((p.Bytes[2] & 0x0F) != Forward)
            return p.End(DecodeOutcome.NotTcp);
        if (p.Bytes.Length < length)
            return p.TooShort();
        byte next = p.Bytes[3];
        p.Strip(length);
        return IpProtocol.Next(ref p, next);
    }

    /// <summary>
    /// Removes a header of the TaZmen Sniffer Protocol: version (1), type (1), protocol (2; 1 is Ethernet, 18 is 802.11), then tags up to one of type
    /// 1.
    /// </summary>
    private static Layer StripTzsp(ref Packet p)
    {
        const byte Padding = 0;
        const byte End = 1;
        if (p.Bytes.Length < 4)
            return p.TooShort();
        ushort protocol = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[2..]);
        p.Strip(4);
        while (!p.Bytes.IsEmpty && p.Bytes[0] != End)
        {
            int length = p.Bytes[0] == Padding ? 1 : p.Bytes.Length < 2 ? 2 : 2 + p.Bytes[1];
            if (p.Bytes.Length < length)
                return p.TooShort();
            p.Strip(length);
        }

        Layer next = protocol switch { 1 => Layer.Ethernet, 18 => Layer.Ieee80211, _ => p.End(DecodeOutcome.UnknownProtocol) };
        return next == Layer.End ? next : Ethernet.StripTo(ref p, 1, next);
    }

    /// <summary>
    /// Removes an L2TP header (RFC 2661, section 3.1): flags, then length, tunnel, session, sequence and offset, some of them optional; then PPP.
    /// </summary>
    private static Layer StripL2tp(ref Packet p)
    {
        const int Control = 0x8000;
        const int HasLength = 0x4000;
        const int HasSequence = 0x0800;
        const int HasOffset = 0x0200;
        if (p.Bytes.Length < 6)
            return p.TooShort();
        int flags = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes);
        if ((flags & Control) != 0 || (flags & 0x000F) != 2)
            return p.End(DecodeOutcome.NotTcp);
        int length = 6 + ((flags & HasLength) != 0 ? 2 : 0) + ((flags & HasSequence) != 0 ? 4 : 0);
        if ((flags & HasLength) != 0)
            p.Limit(BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[2..]));
        if ((flags & HasOffset) != 0)
        {
            if (p.Bytes.Length < length + 2)
                return p.TooShort();
            length += 2 + BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[length..]);
        }

        return Ethernet.StripTo(ref p, length, Layer.Ppp);
    }
}
