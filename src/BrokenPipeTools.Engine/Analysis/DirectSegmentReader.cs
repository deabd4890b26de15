using BrokenPipeTools.Capture;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Analysis;

/// <summary>Decodes each batch when it is asked for, on the thread that asks.</summary>
/// <param name="source">The capture. The reader disposes of it.</param>
/// <param name="makeBatch">Makes a batch of so many frames.</param>
/// <param name="beforeWait">Called before the reader may have to wait for another program; null for a source that never waits.</param>
/// <param name="copy">Receives the bytes of the newest frame; each batch then has one frame. Null for batches of many frames.</param>
internal sealed class DirectSegmentReader(ICaptureSource source, Func<int, SegmentBatch> makeBatch, Action? beforeWait, FrameCopy? copy) : SegmentReader
{
    private const int BatchSize = 64;

    private readonly SegmentBatch _batch = makeBatch(copy is null ? BatchSize : 1);

    public override SegmentBatch Next(CancellationToken cancellation)
    {
        if (!_batch.IsFull || copy is not null)
            beforeWait?.Invoke();
        if (copy is null)
            _batch.Fill(source);
        else
            _batch.Fill(source, copy);
        return _batch;
    }

    public override void Dispose() => source.Dispose();
}
