using System.Collections.Concurrent;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Reads and decodes a capture, a batch of segments at a time. A large file and a pipe are read ahead on a separate thread, so that one core decodes
/// while another follows the connections. A batch from a pipe contains the frames that are available; they do not wait for the next one.
/// </summary>
internal sealed class SegmentReader : IDisposable
{
    /// <summary>Bytes. For a smaller file, a thread costs more time than it saves.</summary>
    private const long LargeFile = 4 << 20;

    private const int SmallBatch = 64;
    private const int LargeBatch = 1024;
    private const int PipeBatch = 256; // about as many frames as one read of a pipe brings
    private const int BatchesAhead = 4;

    private readonly ICaptureSource _source;
    private readonly FrameCopy? _copy;
    private readonly Action? _beforeWait; // only for a source that may wait
    private readonly BlockingCollection<SegmentBatch>? _full;
    private readonly BlockingCollection<SegmentBatch>? _free;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task? _reading;
    private SegmentBatch? _current;
    private bool _isDisposed;

    /// <param name="source">The capture. The reader disposes of it.</param>
    /// <param name="decoder">Decodes its frames.</param>
    /// <param name="copy">Receives the bytes of the newest frame; each batch then has one frame. Null for batches of many frames.</param>
    /// <param name="beforeWait">Called by <see cref="Next"/> before it may have to wait for another program.</param>
    /// <param name="choice">Leaves out packets that are not wanted; null if all are.</param>
    public SegmentReader(ICaptureSource source, SegmentDecoder decoder, FrameCopy? copy = null, Action? beforeWait = null, PacketChoice? choice = null)
    {
        _source = source;
        _copy = copy;
        _beforeWait = source.Length is null ? beforeWait : null;
        SegmentFlows flows = new();
        bool isReadAhead = copy is null && (source.Length >= LargeFile || (source.Length is null && source is IBufferedSource and not ILiveSource));
        if (!isReadAhead)
        {
            _current = new SegmentBatch(copy is null ? SmallBatch : 1, decoder, flows, choice);
            return;
        }

        _full = new BlockingCollection<SegmentBatch>(BatchesAhead);
        _free = new BlockingCollection<SegmentBatch>(BatchesAhead + 2);
        for (int i = 0; i < BatchesAhead + 1; i++)
            _free.Add(new SegmentBatch(source.Length is null ? PipeBatch : LargeBatch, decoder, flows, choice));
        _reading = Task.Factory.StartNew(ReadAhead, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Returns the next batch; the one before it is no longer valid. Must not be called after the last batch.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SegmentBatch Next(CancellationToken cancellation) => _full is null ? Read() : Take(_full, cancellation);

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _stop.Cancel();
        if (_reading is not null && _source.Length is null)
        {
            // The reading thread may be waiting for another program forever, so it releases the capture when it ends.
            _reading.ContinueWith(_ => Release(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return;
        }

        if (_reading is not null)
            ((IAsyncResult)_reading).AsyncWaitHandle.WaitOne();
        Release();
    }

    private SegmentBatch Read()
    {
        if (!_current!.IsFull || _copy is not null)
            _beforeWait?.Invoke();
        if (_copy is null)
            _current.Fill(_source);
        else
            _current.Fill(_source, _copy);
        return _current;
    }

    private SegmentBatch Take(BlockingCollection<SegmentBatch> full, CancellationToken cancellation)
    {
        if (_current is not null)
            _free!.Add(_current, CancellationToken.None);
        _current = null;
        if (_beforeWait is not null && !full.TryTake(out _current))
            _beforeWait();
        if (_current is not null || full.TryTake(out _current, Timeout.Infinite, cancellation))
            return _current;
        _reading!.GetAwaiter().GetResult(); // throws the error of the reading thread, if that did not reach the end: it may have been canceled first
        throw new InvalidOperationException("there is nothing after the last batch");
    }

    /// <summary>Closes the capture. No thread may be reading it.</summary>
    private void Release()
    {
        _source.Dispose();
        _full?.Dispose();
        _free?.Dispose();
        _stop.Dispose();
    }

    private void ReadAhead()
    {
        try
        {
            SegmentBatch batch;
            do
            {
                batch = _free!.Take(_stop.Token);
                batch.Fill(_source);
                _full!.Add(batch, _stop.Token);
            }
            while (!batch.IsLast);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Dispose was called.
        }
        finally
        {
            _full!.CompleteAdding();
        }
    }
}
