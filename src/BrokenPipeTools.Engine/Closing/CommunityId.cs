using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Closing;

/// <summary>
/// The Community ID of a connection, version 1 with seed 0: the SHA-1 of the endpoints in a fixed order, in base64
/// (https://github.com/corelight/community-id-spec).
/// </summary>
internal static class CommunityId
{
    /// <summary>The length of an ID in characters: "1:" and 28 for 20 bytes in base64.</summary>
    public const int Length = 30;

    /// <summary>The most IDs that are computed at the same time, which takes as long as for one.</summary>
    public const int Together = ShortSha1.Together;

    private const int SeedLength = 2;
    private const byte Tcp = 6;

    /// <summary>Computes the ID of a connection. A <see cref="FlowKey"/> has its endpoints in the order that the specification requires.</summary>
    public static string Of(in FlowKey key)
    {
        Span<byte> text = stackalloc byte[Length];
        Write([key], text);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>Writes the IDs of connections as ASCII.</summary>
    /// <param name="keys">The endpoints of each connection; at most <see cref="Together"/> of them.</param>
    /// <param name="text">Receives the IDs: at least <see cref="Length"/> bytes for each.</param>
    public static void Write(ReadOnlySpan<FlowKey> keys, Span<byte> text)
    {
        Span<byte> blocks = stackalloc byte[Together * ShortSha1.BlockLength];
        Span<int> lengths = stackalloc int[Together];
        Span<byte> hashes = stackalloc byte[Together * ShortSha1.HashLength];
        blocks.Clear();
        lengths.Clear();
        for (int i = 0; i < keys.Length; i++)
            lengths[i] = Fill(keys[i], blocks[(i * ShortSha1.BlockLength)..]);
        ShortSha1.Hash(blocks, lengths, hashes);
        for (int i = 0; i < keys.Length; i++)
        {
            Span<byte> one = text.Slice(i * Length, Length);
            "1:"u8.CopyTo(one);
            Base64.EncodeToUtf8(hashes.Slice(i * ShortSha1.HashLength, ShortSha1.HashLength), one[2..], out _, out _);
        }
    }

    /// <summary>Writes the bytes that are hashed: seed, addresses, protocol, a zero, ports. Returns the number of bytes.</summary>
    private static int Fill(in FlowKey key, Span<byte> input)
    {
        int at = SeedLength;
        at += PutAddress(key.Address0, key.IsIPv6, input[at..]);
        at += PutAddress(key.Address1, key.IsIPv6, input[at..]);
        input[at] = Tcp;
        at += 2;
        BinaryPrimitives.WriteUInt16BigEndian(input[at..], key.Port0);
        BinaryPrimitives.WriteUInt16BigEndian(input[(at + 2)..], key.Port1);
        return at + 4;
    }

    private static int PutAddress(IpBits address, bool isIPv6, Span<byte> to)
    {
        if (!isIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to, (uint)address.Low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(to, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], address.Low);
        return 16;
    }
}
