using System.Buffers.Binary;
using K4os.Compression.LZ4;
using K4os.Compression.LZ4.Streams;
using K4os.Hash.xxHash;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace BrokenPipeTools.Testing.Building;

/// <summary>Bytes compressed with zstd and lz4, in each format that their tools write.</summary>
internal static class CompressedBytes
{
    /// <summary>All formats by name, each with its function.</summary>
    public static IReadOnlyDictionary<string, Func<byte[], byte[]>> Forms { get; } = new Dictionary<string, Func<byte[], byte[]>>
    {
        ["zstd"] = Zstd,
        ["zstd without checksum"] = bytes => Zstd(bytes, hasChecksum: false),
        ["zstd, small window"] = bytes => Zstd(bytes, hasChecksum: true, windowLog: 10),
        ["zstd, frames one after the other"] = bytes => [.. bytes.Chunk(50_000).SelectMany(Zstd)],
        ["zstd, a frame to be skipped before each, as pzstd"] = bytes => [.. bytes.Chunk(50_000).SelectMany(chunk => (byte[])[.. Skippable([1, 2, 3, 4]), .. Zstd(chunk)])],
        ["zstd, empty frames"] = bytes => [.. Zstd([]), .. Skippable([]), .. Zstd(bytes), .. Zstd([])],
        ["zstd, stored"] = StoredZstd,
        ["lz4"] = Lz4,
        ["lz4, linked blocks"] = bytes => Lz4(bytes, new LZ4EncoderSettings { ChainBlocks = true, BlockSize = 64 << 10 }),
        ["lz4, checksums"] = bytes => Lz4(bytes, new LZ4EncoderSettings { BlockChecksum = true, ContentChecksum = true, ChainBlocks = false }),
        ["lz4, frames one after the other"] = bytes => [.. bytes.Chunk(50_000).SelectMany(Lz4)],
        ["lz4, frames to be skipped"] = bytes => [.. Skippable([9]), .. Lz4(bytes), .. Skippable(new byte[300]), .. Lz4([])],
        ["lz4 -l"] = Lz4Legacy,
        ["lz4 -l, twice"] = bytes => [.. Lz4Legacy(bytes[..100]), .. Lz4Legacy(bytes[100..])],
        ["lz4 -l, then lz4"] = bytes => [.. Lz4Legacy(bytes[..100]), .. Lz4(bytes[100..])],
    };

    public static byte[] Zstd(byte[] bytes) => Zstd(bytes, hasChecksum: true);

    public static byte[] Zstd(byte[] bytes, bool hasChecksum, int windowLog = 0)
    {
        using MemoryStream target = new();
        using (CompressionStream zstd = new(target, level: 3))
        {
            zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, hasChecksum ? 1 : 0);
            zstd.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, windowLog);
            zstd.Write(bytes);
        }

        return target.ToArray();
    }

    /// <summary>A frame without compression, made by hand: window of 128 KiB, raw blocks, no checksum.</summary>
    public static byte[] StoredZstd(byte[] bytes)
    {
        List<byte> frame = [.. ZstdHeader(windowDescriptor: (17 - 10) << 3)];
        foreach (byte[] block in bytes.Chunk(1000))
            frame.AddRange([.. ZstdBlockHeader(block.Length, isLast: false), .. block]);
        return [.. frame, .. ZstdBlockHeader(0, isLast: true)];
    }

    /// <summary>A header with a window, and without content size, dictionary and checksum.</summary>
    public static byte[] ZstdHeader(byte windowDescriptor) => [0x28, 0xB5, 0x2F, 0xFD, 0, windowDescriptor];

    public static byte[] ZstdBlockHeader(int length, bool isLast) => [.. Number((uint)((length << 3) | (isLast ? 1 : 0)))[..3]];

    public static byte[] Lz4(byte[] bytes) => Lz4(bytes, new LZ4EncoderSettings { ContentChecksum = true });

    public static byte[] Lz4(byte[] bytes, LZ4EncoderSettings settings)
    {
        using MemoryStream target = new();
        using (LZ4EncoderStream lz4 = LZ4Stream.Encode(target, settings, leaveOpen: true))
            lz4.Write(bytes);
        return target.ToArray();
    }

    public static byte[] Lz4Legacy(byte[] bytes)
    {
        byte[] block = new byte[LZ4Codec.MaximumOutputSize(bytes.Length)];
        int length = LZ4Codec.Encode(bytes, block);
        return [0x02, 0x21, 0x4C, 0x18, .. Number((uint)length), .. block[..length]];
    }

    public static byte[] Skippable(byte[] bytes) => [0x57, 0x2A, 0x4D, 0x18, .. Number((uint)bytes.Length), .. bytes];

    /// <summary>Returns the beginning of an lz4 frame that needs a dictionary.</summary>
    public static byte[] Lz4WithDictionary(uint id)
    {
        byte[] descriptor = [0x61, 0x40, .. Number(id)]; // version 1, independent blocks, dictionary; blocks of 64 KiB
        return [0x04, 0x22, 0x4D, 0x18, .. descriptor, (byte)(XXH32.DigestOf(descriptor) >> 8)];
    }

    private static byte[] Number(uint value)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
