using System.Buffers.Binary;
using System.Net;

namespace BrokenPipeTools.Wire;

/// <summary>An IPv4 or IPv6 address as two words in network order; an IPv4 address is in the low 32 bits.</summary>
internal readonly record struct IpBits(ulong High, ulong Low)
{
    /// <summary>Reads the 16 bytes of an IPv6 address.</summary>
    public static IpBits ReadIPv6(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Reads the 4 bytes of an IPv4 address.</summary>
    public static IpBits ReadIPv4(ReadOnlySpan<byte> bytes) => new(0, BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>The length of the longest text of an IPv6 address without a scope.</summary>
    public const int MaxTextLength = 46;

    /// <summary>Writes the address as ASCII, in the format of <see cref="IPAddress.ToString"/>, and returns its length.</summary>
    public int Format(bool isIPv6, Span<byte> text)
    {
        int length = 0;
        if (isIPv6)
            return ToAddress(isIPv6).TryFormat(text, out length) ? length : throw new ArgumentException("no room for an address", nameof(text));
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            uint part = (uint)(Low >> shift) & 0xFF;
            if (part >= 100)
                text[length++] = (byte)('0' + (part / 100));
            if (part >= 10)
                text[length++] = (byte)('0' + (part / 10 % 10));
            text[length++] = (byte)('0' + (part % 10));
            if (shift > 0)
                text[length++] = (byte)'.';
        }

        return length;
    }

    public IPAddress ToAddress(bool isIPv6)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!isIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Low);
            return new IPAddress(bytes[..4]);
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPAddress(bytes);
    }
}
