namespace BrokenPipeTools.Capture;

/// <summary>
/// A forward-only window on a stream. <see cref="Ensure"/> makes a number of bytes available in one piece; then they can be read and skipped. The
/// bytes do not move until the next call of <see cref="Ensure"/>, so a frame can point into the window.
/// </summary>
internal sealed class ByteWindow : IDisposable
{
    private const int InitialSize = 1 << 17;

    private readonly Stream _stream;
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(InitialSize);
    private int _start;
    private int _end;
    private long _consumed;
    private bool _ended;

    /// <param name="stream">The stream with the bytes. The window disposes of it.</param>
    /// <param name="isDecompressed">True if the bytes were compressed in the file.</param>
    public ByteWindow(Stream stream, bool isDecompressed = false)
    {
        _stream = stream;
        IsDecompressed = isDecompressed;
    }

    /// <summary>Whether the bytes were compressed in the file, so that <see cref="Offset"/> is not an offset in the file.</summary>
    public bool IsDecompressed { get; }

    /// <summary>Offset of the window's first byte from the start of the stream.</summary>
    public long Offset => _consumed + _start;

    /// <summary>The number of bytes in the window.</summary>
    public int Available => _end - _start;

    /// <summary>The bytes in the window.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Makes at least <paramref name="count"/> bytes available in one piece. Returns false if the stream ends before that.</summary>
    public bool Ensure(int count) => _end - _start >= count || Fill(count);

    public void Advance(int count) => _start += count;

    /// <summary>Skips bytes that are not needed. Returns false if the stream ends before that.</summary>
    public bool Skip(long count)
    {
        while (count > _end - _start)
        {
            count -= _end - _start;
            _start = _end;
            if (!Fill(1))
                return false;
        }

        _start += (int)count;
        return true;
    }

    public void Dispose() => _stream.Dispose();

    private bool Fill(int count)
    {
        MakeRoom(count);
        while (_end - _start < count && !_ended)
        {
            int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _ended = read == 0;
            _end += read;
        }

        return _end - _start >= count;
    }

    /// <summary>
    /// Moves the remaining bytes to the front of the buffer. The buffer grows only when bytes have arrived, so a wrong length in a file does not
    /// allocate much memory.
    /// </summary>
    private void MakeRoom(int count)
    {
        int rest = _end - _start;
        byte[] target = _buffer;
        if (count > _buffer.Length)
            target = GC.AllocateUninitializedArray<byte>((int)Math.Min(Math.Max((long)count, _buffer.Length * 2L), Array.MaxLength));

        Buffer.BlockCopy(_buffer, _start, target, 0, rest);
        _buffer = target;
        _consumed += _start;
        _start = 0;
        _end = rest;
    }
}
