using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Analysis;

/// <summary>An IP address, or all addresses with the same first bits: 10.0.0.5, 10.0.0.0/8, 2001:db8::/32 (RFC 4632, RFC 4291 section 2.3).</summary>
public readonly record struct AddressPrefix
{
    private const int IPv4Bits = 32;
    private const int IPv6Bits = 128;

    private readonly IpBits _mask;
    private readonly IpBits _bits;

    /// <summary>
    /// Takes the first bits of an address. An IPv4 address that is mapped into IPv6 becomes that IPv4 address, and a scope is left out, because
    /// packets have neither.
    /// </summary>
    /// <param name="address">The address; bits after the prefix are ignored.</param>
    /// <param name="length">Bits of the prefix; null for the whole address.</param>
    /// <exception cref="ArgumentOutOfRangeException">The address has fewer bits.</exception>
    public AddressPrefix(IPAddress address, int? length = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
            (address, length) = (address.MapToIPv4(), length is { } mapped ? mapped - (IPv6Bits - IPv4Bits) : null);
        IsIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        Length = length ?? BitsOf(IsIPv6);
        ArgumentOutOfRangeException.ThrowIfNegative(Length, nameof(length));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Length, BitsOf(IsIPv6), nameof(length));
        _mask = Mask(Length + (IsIPv6 ? 0 : IPv6Bits - IPv4Bits));
        byte[] bytes = address.GetAddressBytes();
        IpBits all = IsIPv6 ? IpBits.ReadIPv6(bytes) : IpBits.ReadIPv4(bytes);
        _bits = new IpBits(all.High & _mask.High, all.Low & _mask.Low);
    }

    /// <summary>The family of the address.</summary>
    public bool IsIPv6 { get; }

    /// <summary>The number of bits that an address must have in common with the prefix.</summary>
    public int Length { get; }

    /// <summary>Converts one address to a prefix of its full length.</summary>
    public static implicit operator AddressPrefix(IPAddress address) => new(address);

    /// <summary>Reads an address written in full, with or without a prefix length. Returns false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AddressPrefix prefix)
    {
        prefix = default;
        string[] parts = (text ?? "").Split('/');
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out IPAddress? address))
            return false;
        bool isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        if (!isIPv6 && address.ToString() != parts[0])
            return false; // .NET reads 1.2.3 as 1.2.0.3, and 010.0.0.1 as 8.0.0.1
        int length = BitsOf(isIPv6);
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > BitsOf(isIPv6)))
            return false;
        if (address.IsIPv4MappedToIPv6 && length < IPv6Bits - IPv4Bits)
            return false;
        prefix = new AddressPrefix(address, length);
        return true;
    }

    /// <inheritdoc cref="TryParse"/>
    /// <exception cref="FormatException">The text is not an address or a prefix.</exception>
    public static AddressPrefix Parse(string text) =>
        TryParse(text, out AddressPrefix prefix) ? prefix : throw new FormatException($"'{text}' is not an IP address or prefix; write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32");

    /// <summary>Returns the prefix in the form that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_bits.ToAddress(IsIPv6)}/{Length}");

    internal bool Contains(IpBits address, bool isIPv6) =>
        isIPv6 == IsIPv6 && (address.High & _mask.High) == _bits.High && (address.Low & _mask.Low) == _bits.Low;

    private static int BitsOf(bool isIPv6) => isIPv6 ? IPv6Bits : IPv4Bits;

    /// <summary>Returns 128 bits: this number of ones, then zeros.</summary>
    private static IpBits Mask(int ones)
    {
        UInt128 mask = ones == 0 ? UInt128.Zero : UInt128.MaxValue << (IPv6Bits - ones);
        return new IpBits((ulong)(mask >> 64), (ulong)mask);
    }
}
