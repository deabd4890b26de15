using System.Collections.Concurrent;
using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Decodes ahead on a thread of its own: a pipe, so that records can be written while it waits for another program, and a large file, if the caller has
/// no thread that could help. A batch from a pipe contains the frames that are available; they do not wait for the next one.
/// </summary>
internal sealed class BackgroundSegmentReader : SegmentReader
{
    private const int BatchSize = 1024;
    private const int PipeBatchSize = 256; // about as many frames as one read of a pipe brings
    private const int BatchesAhead = 4;

    private readonly ICaptureSource _source;
    private readonly Action? _beforeWait;
    private readonly BlockingCollection<SegmentBatch> _full = new(BatchesAhead);
    private readonly BlockingCollection<SegmentBatch> _free = new(BatchesAhead + 2);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private SegmentBatch? _current;
    private bool _isDisposed;

    /// <param name="source">The capture. The reader disposes of it.</param>
    /// <param name="makeBatch">Makes a batch of so many frames.</param>
    /// <param name="beforeWait">Called by <see cref="Next"/> before it may have to wait for another program; null for a source that never waits.</param>
    public BackgroundSegmentReader(ICaptureSource source, Func<int, SegmentBatch> makeBatch, Action? beforeWait)
    {
        _source = source;
        _beforeWait = beforeWait;
        for (int i = 0; i < BatchesAhead + 1; i++)
            _free.Add(makeBatch(source.Length is null ? PipeBatchSize : BatchSize));
        _reading = Task.Factory.StartNew(ReadAhead, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public override SegmentBatch Next(CancellationToken cancellation)
    {
        if (_current is not null)
            _free.Add(_current, CancellationToken.None);
        _current = null;
        if (_beforeWait is not null && !_full.TryTake(out _current))
            _beforeWait();
        if (_current is not null || _full.TryTake(out _current, Timeout.Infinite, cancellation))
            return _current;
        _reading.GetAwaiter().GetResult(); // throws the error of the reading thread, if that did not reach the end: it may have been canceled first
        throw new InvalidOperationException("there is nothing after the last batch");
    }

    public override void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _stop.Cancel();
        if (_source.Length is null)
        {
            // The reading thread may be waiting for another program forever, so it releases the capture when it ends.
            _reading.ContinueWith(_ => Release(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return;
        }

        ((IAsyncResult)_reading).AsyncWaitHandle.WaitOne();
        Release();
    }

    /// <summary>Closes the capture. No thread may be reading it.</summary>
    private void Release()
    {
        _source.Dispose();
        _full.Dispose();
        _free.Dispose();
        _stop.Dispose();
    }

    private void ReadAhead()
    {
        try
        {
            SegmentBatch batch;
            do
            {
                batch = _free.Take(_stop.Token);
                batch.Fill(_source);
                _full.Add(batch, _stop.Token);
            }
            while (!batch.IsLast);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Dispose was called.
        }
        finally
        {
            _full.CompleteAdding();
        }
    }
}
