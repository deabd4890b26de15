using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>Removes MPLS labels (RFC 3032, section 2.1): label (20 bits), class (3), bottom of stack (1), TTL (8).</summary>
internal static class Mpls
{
    private const int EntryLength = 4;

    public static Layer Strip(ref Packet p)
    {
        bool bottom = false;
        while (!bottom)
        {
            if (p.Bytes.Length < EntryLength)
                return p.TooShort();
            bottom = (p.Bytes[2] & 1) != 0;
            p.Strip(EntryLength);
        }

        return p.Bytes.IsEmpty ? p.TooShort() : Next(ref p);
    }

    /// <summary>Finds the payload, whose type MPLS does not contain: the first four bits indicate IP (RFC 4928, section 3) or a control word (RFC 4385).</summary>
    private static Layer Next(ref Packet p)
    {
        switch (p.Bytes[0] >> 4)
        {
            case 4:
                return Layer.IPv4;
            case 6:
                return Layer.IPv6;
            case 0 when !LooksLikeEthernet(p.Bytes):
                return Ethernet.StripTo(ref p, 4, Layer.Ethernet);
            case 1:
                return p.End(DecodeOutcome.NotTcp); // associated channel
            default:
                return LooksLikeEthernet(p.Bytes) ? Layer.Ethernet : p.End(DecodeOutcome.UnknownProtocol);
        }
    }

    private static bool LooksLikeEthernet(ReadOnlySpan<byte> b) => b.Length >= 14
        && BinaryPrimitives.ReadUInt16BigEndian(b[12..]) is EtherType.IPv4 or EtherType.IPv6 or 0x8100 or 0x88A8 or 0x0806;
}
