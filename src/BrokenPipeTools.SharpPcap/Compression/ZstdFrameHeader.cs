using System.Buffers.Binary;

namespace BrokenPipeTools.SharpPcap.Compression;

/// <summary>
/// The header of a zstd frame (RFC 8878, section 3.1.1.1).
/// <code>
///   magic number   4 bytes
///   descriptor     1 byte: bits 7-6 size of the content size, 5 single segment, 3 reserved, 2 checksum, 1-0 size of the dictionary id
///   window         1 byte, not in a single segment: bits 7-3 exponent, 2-0 mantissa
///   dictionary id  0, 1, 2 or 4 bytes
///   content size   0, 2, 4 or 8 bytes; 1 instead of 0 in a single segment
/// </code>
/// </summary>
/// <param name="Length">Bytes of the header, the magic number included.</param>
/// <param name="WindowSize">Bytes that the decoder keeps to copy from.</param>
/// <param name="DictionaryId">The dictionary; 0 for none.</param>
/// <param name="HasChecksum">4 bytes follow the last block.</param>
internal readonly record struct ZstdFrameHeader(int Length, ulong WindowSize, uint DictionaryId, bool HasChecksum)
{
    private const int DescriptorAt = 4;
    private const int SingleSegment = 0x20;
    private const int Reserved = 0x08;
    private const int Checksum = 0x04;

    /// <exception cref="InvalidDataException">The header is damaged.</exception>
    /// <exception cref="EndOfStreamException">The file ends in the header.</exception>
    public static ZstdFrameHeader Read(FrameBytes file)
    {
        byte descriptor = file.Require(DescriptorAt + 1)[DescriptorAt];
        if ((descriptor & Reserved) != 0)
            throw file.Damage("the header of a frame has a reserved bit");
        bool isSingle = (descriptor & SingleSegment) != 0;
        int window = isSingle ? 0 : 1;
        int dictionary = (1 << (descriptor & 3)) >> 1;
        int size = (descriptor >> 6) is var code && code == 0 ? (isSingle ? 1 : 0) : 1 << code;
        int length = DescriptorAt + 1 + window + dictionary + size;
        ReadOnlySpan<byte> fields = file.Require(length)[(DescriptorAt + 1)..];
        ulong windowSize = isSingle ? ContentSize(fields.Slice(dictionary, size)) : WindowOf(fields[0]);
        return new ZstdFrameHeader(length, windowSize, (uint)Number(fields.Slice(window, dictionary)), (descriptor & Checksum) != 0);
    }

    private static ulong WindowOf(byte descriptor)
    {
        ulong size = 1UL << (10 + (descriptor >> 3));
        return size + ((size >> 3) * (ulong)(descriptor & 7));
    }

    /// <summary>Returns the content size; a size of two bytes is stored minus 256.</summary>
    private static ulong ContentSize(ReadOnlySpan<byte> bytes) => Number(bytes) + (bytes.Length == 2 ? 256UL : 0);

    private static ulong Number(ReadOnlySpan<byte> bytes)
    {
        Span<byte> all = stackalloc byte[sizeof(ulong)];
        all.Clear();
        bytes.CopyTo(all);
        return BinaryPrimitives.ReadUInt64LittleEndian(all);
    }
}
