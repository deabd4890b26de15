using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Hashes keys that come from packets. The sender of packets chooses the keys. With a known function it could choose many keys with the same hash,
/// and a table would become one long chain. So each table has its own secret, without which equal hashes cannot be computed. The function is
/// multilinear: the sum of the key's 32-bit words, each multiplied by a secret 64-bit number; the upper half of the sum is strongly universal (Lemire
/// and Kaser, Strongly universal string hashing is fast, 2014). It needs only 64-bit products, which every processor has. The last step only spreads
/// keys that are consecutive numbers.
/// </summary>
internal readonly struct HashSecret
{
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15; // 2^64 divided by the golden ratio

    private readonly Keys _keys;

    private HashSecret(in Keys keys) => _keys = keys;

    /// <summary>
    /// Makes a secret. The runtime starts each generator with 256 bits from the system, and no number that it makes leaves the process. A
    /// cryptographic generator would load OpenSSL, which takes a third of the instructions of a whole run on a small capture.
    /// </summary>
    public static HashSecret Create()
    {
        Keys keys = default;
        new Random().NextBytes(MemoryMarshal.AsBytes((Span<ulong>)keys));
        return new HashSecret(keys);
    }

    /// <summary>Hashes two addresses and a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Hash(IpBits one, IpBits other, ulong rest)
    {
        ulong sum = _keys[0] + ((uint)one.Low * _keys[3]) + ((uint)other.Low * _keys[7]) + Product(rest, 9);
        if ((one.High | other.High | (one.Low >> 32) | (other.Low >> 32)) != 0) // otherwise, as for IPv4, these products are 0
            sum += Product(one.High, 1) + ((one.Low >> 32) * _keys[4]) + Product(other.High, 5) + ((other.Low >> 32) * _keys[8]);
        return (uint)((sum ^ (sum >> 32)) * Spread >> 32);
    }

    /// <summary>Returns the sum of both halves of a word, each multiplied by one of the keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Product(ulong word, int key) => ((uint)word * _keys[key]) + ((word >> 32) * _keys[key + 1]);

    /// <summary>The numbers of the secret: one that is added, and one for each half of the five words.</summary>
    [InlineArray(11)]
    private struct Keys
    {
        private ulong _first;
    }
}
