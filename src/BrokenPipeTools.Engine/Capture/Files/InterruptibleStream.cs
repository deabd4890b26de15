using System.Runtime.ExceptionServices;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Reads ahead from a stream that may wait (a pipe with a slow writer, a FIFO without a writer yet), so that a read can be canceled. It opens and
/// reads on its own thread. The operating system cannot cancel such a read, so after a cancellation the thread remains until the writer writes or
/// closes. It is a background thread and does not keep the process alive.
/// </summary>
internal sealed class InterruptibleStream : ForwardStream
{
    /// <summary>The usual capacity of a pipe (pipe(7)): one read returns at most this.</summary>
    private const int BufferSize = 64 << 10;

    private const int Buffers = 4;

    private readonly object _gate = new();
    private readonly Func<Stream> _open;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _wake;
    private readonly byte[]?[] _buffers = new byte[]?[Buffers];
    private readonly int[] _lengths = new int[Buffers];
    private int _first; // the buffer that is read next
    private int _consumed; // bytes of that buffer that were read
    private int _filled;
    private bool _isStarted;
    private bool _isOver;
    private bool _isDisposed;
    private ExceptionDispatchInfo? _fault;

    /// <param name="open">Opens the stream; called at the first read.</param>
    /// <param name="cancellation">Cancels a read that waits.</param>
    public InterruptibleStream(Func<Stream> open, CancellationToken cancellation)
    {
        _open = open;
        _cancellation = cancellation;
        _wake = cancellation.UnsafeRegister(static stream => ((InterruptibleStream)stream!).Wake(), this);
    }

    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public override int Read(Span<byte> buffer)
    {
        _cancellation.ThrowIfCancellationRequested();
        Start();
        lock (_gate)
        {
            while (_filled == 0 && !_isOver && !_cancellation.IsCancellationRequested)
                Monitor.Wait(_gate);
            _cancellation.ThrowIfCancellationRequested();
            if (_filled == 0)
            {
                _fault?.Throw();
                return 0;
            }
        }

        ReadOnlySpan<byte> ready = _buffers[_first].AsSpan(_consumed, _lengths[_first] - _consumed);
        ready = ready[..Math.Min(ready.Length, buffer.Length)];
        ready.CopyTo(buffer);
        Consume(ready.Length);
        return ready.Length;
    }

    protected override void Dispose(bool disposing)
    {
        _wake.Dispose();
        lock (_gate)
        {
            _isDisposed = true;
            Monitor.PulseAll(_gate);
        }

        base.Dispose(disposing);
    }

    private void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    private void Start()
    {
        if (_isStarted)
            return;
        _isStarted = true;
        new Thread(ReadAhead) { IsBackground = true, Name = nameof(InterruptibleStream) }.Start();
    }

    private void Consume(int count)
    {
        _consumed += count;
        if (_consumed < _lengths[_first])
            return;
        lock (_gate)
        {
            _first = (_first + 1) % Buffers;
            _consumed = 0;
            _filled--;
            Monitor.PulseAll(_gate);
        }
    }

    private void ReadAhead()
    {
        try
        {
            using Stream stream = _open();
            while (TryReserve(out int index))
            {
                byte[] buffer = _buffers[index] ??= GC.AllocateUninitializedArray<byte>(BufferSize);
                int count = stream.Read(buffer, 0, buffer.Length);
                if (count == 0)
                    break;
                _lengths[index] = count;
                lock (_gate)
                {
                    _filled++;
                    Monitor.PulseAll(_gate);
                }
            }
        }
        catch (Exception e)
        {
            _fault = ExceptionDispatchInfo.Capture(e); // Read throws it again, after the bytes before it
        }

        lock (_gate)
        {
            _isOver = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for a free buffer. Returns false if no more are needed.</summary>
    private bool TryReserve(out int index)
    {
        lock (_gate)
        {
            while (_filled == Buffers && !_isDisposed)
                Monitor.Wait(_gate);
            index = (_first + _filled) % Buffers;
            return !_isDisposed;
        }
    }
}
