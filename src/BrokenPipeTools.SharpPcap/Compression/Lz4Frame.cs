using BrokenPipeTools.Capture;
using K4os.Compression.LZ4.Streams;
using K4os.Compression.LZ4.Streams.Frames;

namespace BrokenPipeTools.SharpPcap.Compression;

/// <summary>An lz4 frame (lz4_Frame_format.md), decoded by K4os.Compression.LZ4.Streams, which checks the checksums too.</summary>
internal sealed class Lz4Frame : IFrame
{
    private readonly FrameBytes _file;
    private readonly StreamLZ4FrameReader _frame;

    public Lz4Frame(FrameBytes file)
    {
        _file = file;
        _frame = LZ4Frame.Decode(new WindowStream(file.Window), leaveOpen: true);
    }

    public int Read(Span<byte> buffer)
    {
        long start = _file.Window.Offset; // the offset of the next block to decode
        try
        {
            return _frame.ReadManyBytes(buffer, interactive: true); // reads one block at most, so that damage in the next block does not lose this one
        }
        catch (EndOfStreamException)
        {
            throw _file.Cut();
        }
        catch (NotImplementedException)
        {
            throw new NotSupportedException("compressed with an lz4 dictionary; decompress it first (lz4 -d -D DICTIONARY)");
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or ArgumentException)
        {
            throw _file.Damage(e is InvalidDataException ? e.Message : "a block cannot be decoded", start);
        }
    }

    public void Dispose() => _frame.Dispose();
}
