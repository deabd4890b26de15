using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Removes the header that JunOS writes before the frame: the letters MGC, flags, and, if flag 0x80 is set, an extension with its own length.
/// </summary>
internal static class Juniper
{
    private const byte HasExtension = 0x80;
    private const byte NoLinkHeader = 0x02;

    public static Layer Strip(ref Packet p, Layer link)
    {
        ReadOnlySpan<byte> b = p.Bytes;
        if (b.Length < 4)
            return p.TooShort();
        if (!b.StartsWith("MGC"u8))
            return p.End(DecodeOutcome.Malformed);
        byte flags = b[3];
        int length = 4;
        if ((flags & HasExtension) != 0)
        {
            if (b.Length < 6)
                return p.TooShort();
            length = 6 + BinaryPrimitives.ReadUInt16BigEndian(b[4..]);
        }

        if (b.Length < length)
            return p.TooShort();
        p.Strip(length);
        return (flags & NoLinkHeader) != 0 ? Ethernet.StripTo(ref p, 4, Layer.Ip) : link;
    }
}
