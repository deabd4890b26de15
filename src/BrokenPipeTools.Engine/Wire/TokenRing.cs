namespace BrokenPipeTools.Wire;

/// <summary>Removes token ring headers (IEEE 802.5).</summary>
internal static class TokenRing
{
    /// <summary>
    /// Removes the header: access and frame control (2), destination (6), source (6); the source's first bit announces a route (5 bits of length).
    /// </summary>
    public static Layer Strip(ref Packet p)
    {
        const int HeaderLength = 14;
        const byte SourceRouted = 0x80;
        if (p.Bytes.Length < HeaderLength + 1)
            return p.TooShort();
        int route = (p.Bytes[8] & SourceRouted) != 0 ? p.Bytes[HeaderLength] & 0x1F : 0;
        return Ethernet.StripTo(ref p, HeaderLength + route, Layer.Llc);
    }
}
