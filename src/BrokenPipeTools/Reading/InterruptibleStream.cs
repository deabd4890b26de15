namespace BrokenPipeTools.Reading;

/// <summary>
/// Reads from what may keep one waiting (a pipe whose writer is slow) so that Ctrl+C gets through: the read waits on a thread of its
/// own, and the reader is let go at cancellation. The operating system offers no way to call such a read back, so the thread stays
/// until the writer writes or goes; it is a background thread and keeps no process alive.
/// </summary>
internal sealed class InterruptibleStream(Func<Stream> open, CancellationToken cancellation) : Stream
{
    private Stream? _inner;
    private volatile bool _disposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        // The abandoned read must not write into a buffer that its owner has given back by then.
        byte[] own = new byte[buffer.Length];
        Task<int> read = Task.Factory.StartNew(() => ReadInner(own), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            read.Wait(cancellation);
        }
        catch (AggregateException e) when (e.InnerException is not null)
        {
            throw e.InnerException;
        }

        int count = read.Result;
        own.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        _inner?.Dispose();
        base.Dispose(disposing);
    }

    private int ReadInner(byte[] own)
    {
        Stream inner = _inner ??= open();
        if (!_disposed)
            return inner.Read(own);

        // Given up while the pipe was being opened: nobody else will close it.
        inner.Dispose();
        return 0;
    }
}
