using System.Buffers.Binary;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;

namespace BrokenPipeTools.SharpPcap.Compression;

/// <summary>
/// Decompresses a file of zstd or lz4 frames. The frames follow each other, each with its magic number; skippable frames may be between them (RFC
/// 8878, section 3.1.2). The file is decompressed block by block, so that damage does not lose the blocks before it.
/// </summary>
internal sealed class FramedInput(Stream compressed) : ForwardStream
{
    private readonly FrameBytes _file = new(new ByteWindow(compressed));
    private readonly Lazy<ZstdDecoder> _zstd = new(() => new ZstdDecoder());
    private IFrame? _frame;
    private Exception? _damage;

    public override int Read(Span<byte> buffer)
    {
        if (_damage is not null)
            throw _damage;
        try
        {
            while (_frame is not null || (_frame = NextFrame()) is not null)
            {
                int count = _frame.Read(buffer);
                if (count > 0)
                    return count;
                EndFrame();
            }

            return 0;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            _damage = e;
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        EndFrame();
        if (_zstd.IsValueCreated)
            _zstd.Value.Dispose();
        _file.Window.Dispose();
        base.Dispose(disposing);
    }

    private void EndFrame()
    {
        _frame?.Dispose();
        _frame = null;
    }

    /// <summary>Opens the next frame. Returns null at the end of the file.</summary>
    private IFrame? NextFrame()
    {
        while (_file.Window.Ensure(1))
        {
            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(_file.Require(sizeof(uint)));
            _file.Name = magic == CompressedFormat.Zstd ? "zstd" : magic is CompressedFormat.Lz4 or CompressedFormat.Lz4Legacy ? "lz4" : _file.Name;
            if (!CompressedFormat.IsSkippable(magic))
            {
                return magic switch
                {
                    CompressedFormat.Zstd => new ZstdFrame(_file, _zstd.Value),
                    CompressedFormat.Lz4 => new Lz4Frame(_file),
                    CompressedFormat.Lz4Legacy => new Lz4LegacyFrame(_file),
                    _ => throw _file.Damage("no frame begins at this offset"),
                };
            }

            Skip();
        }

        return null;
    }

    /// <summary>Skips a frame without data: its magic number, 4 bytes of length, and its content.</summary>
    private void Skip()
    {
        const int HeaderLength = 8;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_file.Require(HeaderLength)[sizeof(uint)..]);
        if (!_file.Window.Skip(HeaderLength + (long)length))
            throw _file.Cut();
    }
}
