using System.Collections.Concurrent;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools;

/// <summary>
/// Reads and decodes a capture, a batch of segments at a time. A large file is read ahead on a thread of its own, so that one core
/// decodes while another follows the connections. What comes through a pipe is read when it is asked for, frame by frame, so that
/// nothing is kept waiting.
/// </summary>
internal sealed class SegmentReader : IDisposable
{
    /// <summary>Below this a thread costs more than it saves.</summary>
    private const long LargeFile = 4 << 20;

    private const int SmallBatch = 64;
    private const int LargeBatch = 1024;
    private const int BatchesAhead = 4;

    private readonly ICaptureSource _source;
    private readonly SegmentDecoder _decoder;
    private readonly FrameCopy? _copy;
    private readonly BlockingCollection<SegmentBatch>? _full;
    private readonly BlockingCollection<SegmentBatch>? _free;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task? _reading;
    private SegmentBatch? _current;
    private bool _isDisposed;

    /// <param name="source">The capture.</param>
    /// <param name="decoder">Decodes its frames.</param>
    /// <param name="copy">Gets the bytes of the newest frame, and every batch is one frame; null for batches of many.</param>
    public SegmentReader(ICaptureSource source, SegmentDecoder decoder, FrameCopy? copy = null)
    {
        _source = source;
        _decoder = decoder;
        _copy = copy;
        if (copy is not null || source.Length is null or < LargeFile)
        {
            _current = new SegmentBatch(copy is not null || source.Length is null ? 1 : SmallBatch);
            return;
        }

        _full = new BlockingCollection<SegmentBatch>(BatchesAhead);
        _free = new BlockingCollection<SegmentBatch>(BatchesAhead + 2);
        for (int i = 0; i < BatchesAhead + 1; i++)
            _free.Add(new SegmentBatch(LargeBatch));
        _reading = Task.Factory.StartNew(ReadAhead, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The next batch; the one before it is no longer valid. Not to be called after the last one.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SegmentBatch Next(CancellationToken cancellation)
    {
        if (_full is null)
        {
            if (_copy is null)
                _current!.Fill(_source, _decoder);
            else
                _current!.Fill(_source, _decoder, _copy);
            return _current;
        }

        if (_current is not null)
            _free!.Add(_current, CancellationToken.None);
        if (_full.TryTake(out _current, Timeout.Infinite, cancellation))
            return _current;
        _reading!.GetAwaiter().GetResult(); // throws where it was not the end
        throw new InvalidOperationException("there is nothing after the last batch");
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _stop.Cancel();
        if (_reading is not null)
            ((IAsyncResult)_reading).AsyncWaitHandle.WaitOne(); // the file is closed after this: nobody may be reading it
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
                batch.Fill(_source, _decoder);
                _full!.Add(batch, _stop.Token);
            }
            while (!batch.IsLast);
        }
        catch (OperationCanceledException)
        {
            // Nobody wants to know the rest.
        }
        finally
        {
            _full!.CompleteAdding();
        }
    }
}
