using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Removes the headers of ICMP errors (RFC 792; RFC 4443, section 3): type (1), code (1), checksum (2), four bytes that depend on the type. The
/// beginning of the packet that caused the error follows. A TCP header in that packet concerns a connection, but is not part of it.
/// </summary>
internal static class IcmpError
{
    private const int HeaderLength = 8;

    /// <summary>Removes the header of an ICMP error: unreachable, source quench, redirect, time exceeded, parameter problem.</summary>
    public static Layer StripIcmp(ref Packet p) => Strip(ref p, isError: !p.Bytes.IsEmpty && p.Bytes[0] is 3 or 4 or 5 or 11 or 12);

    /// <summary>Removes the header of an ICMPv6 error: unreachable, packet too big, time exceeded, parameter problem.</summary>
    public static Layer StripIcmpv6(ref Packet p) => Strip(ref p, isError: !p.Bytes.IsEmpty && p.Bytes[0] is >= 1 and <= 4);

    private static Layer Strip(ref Packet p, bool isError)
    {
        if (!isError || p.Quotation.Kind.Type != 0 || p.Ip.IsLoneFragment)
            return p.End(DecodeOutcome.NotTcp);
        if (p.Bytes.Length < HeaderLength)
            return p.TooShort();
        p.Quotation = new IcmpQuotation(new IcmpKind(p.Bytes[0], p.Bytes[1]), MtuOf(p.Bytes), p.Ip.Source);
        p.Strip(HeaderLength);
        return Layer.Ip;
    }

    /// <summary>
    /// Returns the MTU of the next link: 16 bits (RFC 1191, section 4), in ICMPv6 32 bits (RFC 4443, section 3.2). Other errors have other values in
    /// this place.
    /// </summary>
    private static int MtuOf(ReadOnlySpan<byte> icmp) => icmp[0] switch
    {
        3 when icmp[1] == 4 => BinaryPrimitives.ReadUInt16BigEndian(icmp[6..]),
        2 => (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(icmp[4..]), int.MaxValue),
        _ => 0,
    };
}
