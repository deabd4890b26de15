using System.Buffers.Binary;
using BrokenPipeTools.Capture.Files;
using K4os.Compression.LZ4;

namespace BrokenPipeTools.SharpPcap.Compression;

/// <summary>
/// An lz4 frame of lz4 -l (lz4_Frame_format.md, "Legacy frame"): a magic number, then blocks with 4 bytes of length and the data, each of 8 MiB
/// except the last. It ends at the end of the file or at the next frame.
/// </summary>
internal sealed class Lz4LegacyFrame : IFrame
{
    private const int BlockSize = 8 << 20;

    /// <summary>The largest ratio of decompressed to compressed bytes: each byte of a length adds at most 255 bytes.</summary>
    private const long MaxRatio = 255;

    private static readonly int MaxLength = LZ4Codec.MaximumOutputSize(BlockSize);

    private readonly FrameBytes _file;
    private byte[] _decoded = [];
    private int _length;
    private int _given;

    public Lz4LegacyFrame(FrameBytes file)
    {
        _file = file;
        file.Window.Advance(sizeof(uint));
    }

    public int Read(Span<byte> buffer)
    {
        while (_given == _length)
        {
            if (!TryReadBlock())
                return 0;
        }

        ReadOnlySpan<byte> rest = _decoded.AsSpan(_given, _length - _given);
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer);
        _given += rest.Length;
        return rest.Length;
    }

    public void Dispose()
    {
        // There is nothing to release.
    }

    /// <summary>Reads the next block. Returns false at the end of the frame.</summary>
    private bool TryReadBlock()
    {
        if (!_file.Window.Ensure(1))
            return false;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_file.Require(sizeof(uint)));
        if (CompressedFormat.IsFrame(length))
            return false;
        if (length > MaxLength)
            throw _file.Damage("a block is too long");
        ReadOnlySpan<byte> block = _file.Require(sizeof(uint) + (int)length)[sizeof(uint)..];
        int room = (int)Math.Min(BlockSize, length * MaxRatio);
        if (_decoded.Length < room)
            _decoded = GC.AllocateUninitializedArray<byte>(room);
        int decoded = LZ4Codec.Decode(block, _decoded);
        if (decoded < 0)
            throw _file.Damage("a block cannot be decoded");
        _given = 0;
        _length = decoded;
        _file.Window.Advance(sizeof(uint) + (int)length);
        return true;
    }
}
