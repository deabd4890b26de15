using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Reads and decodes a capture, a batch of segments at a time. A large file and a pipe are decoded ahead, so that one core decodes while another
/// follows the connections.
/// </summary>
internal abstract class SegmentReader : IDisposable
{
    /// <summary>Bytes. For a smaller file, a second thread costs more time than it saves.</summary>
    private const long LargeFile = 4 << 20;

    /// <summary>Starts to read a capture.</summary>
    /// <param name="source">The capture. The reader disposes of it.</param>
    /// <param name="decoder">Decodes its frames.</param>
    /// <param name="options">The bounds of the analysis, and who decodes ahead.</param>
    /// <param name="copy">Receives the bytes of the newest frame; each batch then has one frame. Null for batches of many frames.</param>
    /// <param name="choice">Leaves out packets that are not wanted; null if all are.</param>
    public static SegmentReader Open(ICaptureSource source, SegmentDecoder decoder, AnalyzerOptions options, FrameCopy? copy, PacketChoice? choice)
    {
        SegmentFlows flows = new();
        Action? beforeWait = source.Length is null ? options.BeforeWait : null; // only for a source that may wait
        bool isPipe = source.Length is null && source is IBufferedSource and not ILiveSource;
        bool isLarge = source.Length >= LargeFile;
        if (copy is not null || !(isLarge || isPipe))
            return new DirectSegmentReader(source, MakeBatch, beforeWait, copy);
        return isLarge && options.Ahead is { } ahead
            ? new SharedSegmentReader(source, MakeBatch, ahead)
            : new BackgroundSegmentReader(source, MakeBatch, beforeWait);

        SegmentBatch MakeBatch(int capacity) => new(capacity, decoder, flows, choice);
    }

    /// <summary>Returns the next batch; the one before it is no longer valid. Must not be called after the last batch.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public abstract SegmentBatch Next(CancellationToken cancellation);

    /// <summary>Closes the capture.</summary>
    public abstract void Dispose();
}
