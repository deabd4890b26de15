using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Reading;

/// <summary>
/// Reads from what may keep one waiting (a pipe whose writer is slow) so that Ctrl+C gets through: the read waits on a thread of its
/// own, and the reader is let go at cancellation. The operating system offers no way to call such a read back, so the thread stays
/// until the writer writes or goes; it is a background thread and keeps no process alive.
/// </summary>
internal sealed class InterruptibleStream(Func<Stream> open, CancellationToken cancellation) : ForwardStream
{
    /// <summary>What a pipe of Linux holds at most, unless it was told otherwise.</summary>
    private const int BufferSize = 64 << 10;

    /// <summary>An abandoned read must not write into a buffer whose owner has given it back by then.</summary>
    private readonly byte[] _own = new byte[BufferSize];
    private readonly object _gate = new();
    private Stream? _inner;
    private bool _disposed;

    public override int Read(Span<byte> buffer)
    {
        cancellation.ThrowIfCancellationRequested();
        int wanted = Math.Min(buffer.Length, _own.Length);
        Task<int> read = Task.Factory.StartNew(() => ReadInner(wanted), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task.WaitAny([read], cancellation);
        int count = read.GetAwaiter().GetResult();
        _own.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _disposed = true;
            _inner?.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadInner(int wanted)
    {
        Stream inner = _inner ?? open();
        lock (_gate)
        {
            if (_disposed)
            {
                // Given up while the pipe was being opened: nobody else will close it.
                inner.Dispose();
                return 0;
            }

            _inner = inner;
        }

        return inner.Read(_own, 0, wanted);
    }
}
