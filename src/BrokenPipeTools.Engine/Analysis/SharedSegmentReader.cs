using System.Collections.Concurrent;
using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Decodes a large file on whichever thread has nothing else to do. A thread that helps decodes ahead; if nothing is decoded yet, the thread that
/// follows the connections decodes the next batch itself, and has it in its near cache then. One thread decodes at a time, so the order is that of
/// the file.
/// </summary>
internal sealed class SharedSegmentReader : SegmentReader
{
    private const int BatchSize = 1024;
    private const int BatchesAhead = 4;
    private const int Few = BatchesAhead / 2;

    private readonly ICaptureSource _source;
    private readonly DecodingAhead _ahead;
    private readonly object _decoding = new();
    private readonly ConcurrentQueue<SegmentBatch> _decoded = new();
    private readonly ConcurrentQueue<SegmentBatch> _free = new();
    private SegmentBatch? _current;
    private bool _isComplete; // nothing more is to be decoded; read and written by the thread that decodes

    /// <param name="source">The capture. The reader disposes of it.</param>
    /// <param name="makeBatch">Makes a batch of so many frames.</param>
    /// <param name="ahead">Brings other threads.</param>
    public SharedSegmentReader(ICaptureSource source, Func<int, SegmentBatch> makeBatch, DecodingAhead ahead)
    {
        _source = source;
        _ahead = ahead;
        for (int i = 0; i < BatchesAhead + 1; i++) // those ahead, and the one that is followed
            _free.Enqueue(makeBatch(BatchSize));
        ahead.Begin(this);
    }

    public override SegmentBatch Next(CancellationToken cancellation)
    {
        if (_current is not null)
            _free.Enqueue(_current);
        if (_decoded.Count < Few)
            _ahead.Ask();
        if (_decoded.TryDequeue(out _current))
            return _current;
        lock (_decoding)
        {
            if (!_decoded.TryDequeue(out _current)) // otherwise it was decoded while this thread waited
                _current = Decode();
        }

        return _current;
    }

    /// <summary>Decodes one batch ahead. Returns false if enough is decoded, or nothing is left.</summary>
    public bool TryDecode()
    {
        if (_decoded.Count >= BatchesAhead)
            return false;
        lock (_decoding)
        {
            if (_isComplete || _decoded.Count >= BatchesAhead)
                return false;
            try
            {
                _decoded.Enqueue(Decode());
                return true;
            }
            catch (OperationCanceledException)
            {
                _isComplete = true; // the thread that follows the connections finds the same when it reads on
                return false;
            }
        }
    }

    public override void Dispose()
    {
        _ahead.End(this);
        lock (_decoding)
            _isComplete = true;
        _source.Dispose();
    }

    private SegmentBatch Decode()
    {
        if (!_free.TryDequeue(out SegmentBatch? batch))
            throw new InvalidOperationException("more batches are in use than there are");
        batch.Fill(_source);
        _isComplete = batch.IsLast;
        return batch;
    }
}
