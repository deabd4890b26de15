namespace BrokenPipeTools.Wire;

/// <summary>Removes ARCNET headers (RFC 1201).</summary>
internal static class Arcnet
{
    /// <summary>
    /// Removes the header: source (1), destination (1), on Linux an offset (2), protocol (1), split flag (1), sequence (2). RFC 1201, section 3: a
    /// flag of FF pads the packet and a second flag and sequence follow.
    /// </summary>
    public static Layer Strip(ref Packet p, bool linux)
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
}
