using System.Globalization;
using System.Numerics;

namespace BrokenPipeTools.SharpPcap.Compression;

/// <summary>
/// A zstd frame: a header, blocks, a checksum (RFC 8878, section 3.1.1). A block begins with 3 bytes: bit 0 is set in the last block,
/// bits 2-1 are the type, bits 23-3 the size.
/// </summary>
internal sealed class ZstdFrame : IFrame
{
    /// <summary>Bytes: the limit of zstd -d without options. The highest level, --ultra -22, needs as much.</summary>
    private const int MaxWindowSize = 128 << 20;

    private const int BlockHeaderLength = 3;
    private const int ChecksumLength = 4;
    private const int RepeatedByte = 1; // the type of a block that is one byte, repeated

    private readonly FrameBytes _file;
    private readonly ZstdDecoder _decoder;
    private readonly bool _hasChecksum;
    private int _given; // bytes of the decoded block that were returned
    private bool _isLast;

    public ZstdFrame(FrameBytes file, ZstdDecoder decoder)
    {
        _file = file;
        _decoder = decoder;
        ZstdFrameHeader header = ZstdFrameHeader.Read(file);
        if (header.DictionaryId != 0)
            throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"compressed with the zstd dictionary {header.DictionaryId}; decompress it first (zstd -d -D DICTIONARY)"));
        if (header.WindowSize > MaxWindowSize)
            throw new NotSupportedException(TooLarge(header.WindowSize));
        _hasChecksum = header.HasChecksum;
        Decode(header.Length, "the header of a frame cannot be decoded");
    }

    public int Read(Span<byte> buffer)
    {
        while (_given == _decoder.Decoded.Length)
        {
            if (_isLast)
            {
                CheckEnd();
                return 0;
            }

            ReadBlock();
        }

        ReadOnlySpan<byte> rest = _decoder.Decoded[_given..];
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer);
        _given += rest.Length;
        return rest.Length;
    }

    public void Dispose()
    {
        // Nothing to release: the decoder is reused for the next frame.
    }

    private static string TooLarge(ulong window) => string.Create(
        CultureInfo.InvariantCulture,
        $"its zstd window of {window >> 20} MiB is larger than {MaxWindowSize >> 20} MiB; decompress it first (zstd -d --long={64 - BitOperations.LeadingZeroCount(window - 1)})");

    private void ReadBlock()
    {
        ReadOnlySpan<byte> bytes = _file.Require(BlockHeaderLength);
        int header = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
        int size = header >> 3;
        if (size > ZstdDecoder.MaxBlockLength)
            throw _file.Damage("a block is too long");
        Decode(BlockHeaderLength, "the header of a block cannot be decoded");
        _given = 0;
        _isLast = (header & 1) != 0;
        int length = ((header >> 1) & 3) == RepeatedByte ? 1 : size;
        if (length > 0)
            Decode(length, "a block cannot be decoded");
    }

    private void CheckEnd()
    {
        if (_hasChecksum)
            Decode(ChecksumLength, "the checksum of the frame that ends at this offset is wrong");
        if (!_decoder.IsFrameDone)
            throw _file.Damage("the frame that ends at this offset does not have the size in its header");
    }

    private void Decode(int length, string problem)
    {
        if (!_decoder.TryDecode(_file.Require(length)))
            throw _file.Damage(problem);
        _file.Window.Advance(length);
    }
}
