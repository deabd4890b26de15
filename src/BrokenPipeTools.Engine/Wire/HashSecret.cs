using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Hashes keys that packets contain. Whoever sends packets chooses the keys, and with a known function could choose many that share a
/// hash: a table would become one long chain. Each table has a secret of its own, without which equal hashes cannot be computed.
/// The function multiplies keyed words to 128 bits and folds the halves, as wyhash does
/// (https://github.com/wangyi-fudan/wyhash), with a key word on both sides of each product.
/// </summary>
internal readonly struct HashSecret
{
    private readonly ulong _key0;
    private readonly ulong _key1;
    private readonly ulong _key2;
    private readonly ulong _key3;
    private readonly ulong _key4;
    private readonly ulong _key5;

    private HashSecret(ReadOnlySpan<ulong> keys) => (_key0, _key1, _key2, _key3, _key4, _key5) = (keys[0], keys[1], keys[2], keys[3], keys[4], keys[5]);

    /// <summary>Makes a secret from the system's random numbers.</summary>
    public static HashSecret Create()
    {
        Span<ulong> keys = stackalloc ulong[6];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(keys));
        return new HashSecret(keys);
    }

    /// <summary>Hashes two addresses and a word; every bit of the result depends on every bit of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Hash(IpBits one, IpBits other, ulong rest)
    {
        ulong first = Fold(one.High ^ _key0, one.Low ^ _key1);
        ulong second = Fold(other.High ^ _key2, other.Low ^ _key3);
        ulong hash = Fold(first ^ rest ^ _key4, second ^ _key5);
        return (uint)(hash ^ (hash >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}

/// <summary>A key that packets contain.</summary>
internal interface IPacketKey
{
    /// <summary>Hashes the key with a table's secret.</summary>
    uint Hash(in HashSecret secret);
}

/// <summary>Compares keys that packets contain, with a secret of its own.</summary>
internal sealed class PacketKeyComparer<TKey> : IEqualityComparer<TKey>
    where TKey : struct, IEquatable<TKey>, IPacketKey
{
    private readonly HashSecret _secret = HashSecret.Create();

    /// <inheritdoc/>
    public bool Equals(TKey x, TKey y) => x.Equals(y);

    /// <inheritdoc/>
    public int GetHashCode(TKey obj) => (int)obj.Hash(_secret);
}
