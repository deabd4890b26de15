using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;

namespace BrokenPipeTools.Wire;

/// <summary>An IPv4 or IPv6 address as two words in network order; an IPv4 address is in the low 32 bits.</summary>
internal readonly record struct IpBits(ulong High, ulong Low)
{
    private static readonly OctetText[] Octets = [.. Enumerable.Range(0, 256).Select(octet => new OctetText((byte)octet))];

    /// <summary>Reads the 16 bytes of an IPv6 address.</summary>
    public static IpBits ReadIPv6(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Reads the 4 bytes of an IPv4 address.</summary>
    public static IpBits ReadIPv4(ReadOnlySpan<byte> bytes) => new(0, BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>The length of the longest text of an IPv6 address without a scope.</summary>
    public const int MaxTextLength = 46;

    /// <summary>Writes the address as ASCII, in the format of <see cref="IPAddress.ToString"/>, and returns its length.</summary>
    /// <param name="isIPv6">Whether it is an IPv6 address.</param>
    /// <param name="text">Receives the text: at least <see cref="MaxTextLength"/> bytes.</param>
    public int Format(bool isIPv6, Span<byte> text)
    {
        int length = 0;
        if (isIPv6)
            return ToAddress(isIPv6).TryFormat(text, out length) ? length : throw new ArgumentException("no room for an address", nameof(text));
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            OctetText octet = Octets[(byte)(Low >> shift)];
            BinaryPrimitives.WriteUInt32LittleEndian(text[length..], octet.DigitsAndDot);
            length += octet.Length;
        }

        return length - 1; // without the last dot
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

    /// <summary>A part of an IPv4 address as text, with the dot behind it.</summary>
    private readonly struct OctetText
    {
        /// <summary>The characters; the first one is the lowest byte.</summary>
        public readonly uint DigitsAndDot;

        public readonly int Length;

        public OctetText(byte octet)
        {
            Span<byte> text = stackalloc byte[sizeof(uint)];
            Utf8Formatter.TryFormat(octet, text, out Length);
            text[Length++] = (byte)'.';
            DigitsAndDot = BinaryPrimitives.ReadUInt32LittleEndian(text);
        }
    }
}
