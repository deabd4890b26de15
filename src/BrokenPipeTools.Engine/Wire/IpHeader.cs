using System.Buffers.Binary;
using System.Net;

namespace BrokenPipeTools.Wire;

/// <summary>An IPv4 or IPv6 address as two words in network order; an IPv4 address is in the low 32 bits.</summary>
public readonly record struct IpBits(ulong High, ulong Low)
{
    /// <summary>Reads the 16 bytes of an IPv6 address.</summary>
    public static IpBits ReadIPv6(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Reads the 4 bytes of an IPv4 address.</summary>
    public static IpBits ReadIPv4(ReadOnlySpan<byte> bytes) => new(0, BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>The longest text of an IPv6 address, its scope left out.</summary>
    public const int MaxTextLength = 46;

    /// <summary>Writes the address as ASCII, as <see cref="IPAddress.ToString"/> would, and returns its length.</summary>
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

/// <summary>What the IP header around a segment told.</summary>
internal struct IpHeader
{
    public IpBits Source;
    public IpBits Destination;

    /// <summary>The destination that the TCP checksum is over: another one only on a source route.</summary>
    public IpBits FinalDestination;

    /// <summary>The source that the TCP checksum is over: another one only for a mobile host away from home.</summary>
    public IpBits HomeSource;

    public bool IsIPv6;

    /// <summary>TTL, or hop limit.</summary>
    public byte TimeToLive;

    /// <summary>IPv4 identification; 0 for IPv6.</summary>
    public ushort Identification;

    public bool DontFragment;

    /// <summary>Type of service or traffic class: DSCP (RFC 2474), and ECN in the lower two bits.</summary>
    public byte TrafficClass;

    /// <summary>The protocol underneath; for a fragment that of the whole datagram.</summary>
    public byte Protocol;

    // Only where the datagram is a fragment:
    public int FragmentOffset;
    public bool MoreFragments;
    public uint FragmentId;

    /// <summary>Bytes the fragment has, by its header; the frame may hold fewer.</summary>
    public int FragmentLength;

    /// <summary>The first fragment alone: what is inside has no known end.</summary>
    public bool IsLoneFragment;
}
