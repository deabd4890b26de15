using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools;

/// <summary>
/// The entry: frames in, a <see cref="ConnectionClose"/> per TCP connection out. The way through the house is
/// <code>
/// bytes → frames → segments → connections → closing → record
/// Capture  Capture  Wire       Connections   Closing   Reports
/// </code>
/// A record comes out as soon as it is final, the open ones at the end of the capture. Where the capture is damaged, everything
/// before the damage is reported first; then <see cref="Fault"/> says what is wrong and where.
/// </summary>
public sealed class CloseAnalyzer : IDisposable
{
    /// <summary>How many frames go by between two looks at the clock and at the cancellation.</summary>
    private const int FramesPerLook = 4096;

    /// <summary>Segments looked up together: enough for their cache misses to overlap, few enough to stay in the nearest cache.</summary>
    private const int BatchSize = 32;

    private static readonly long ProgressInterval = Stopwatch.Frequency / 4;

    private readonly ICaptureSource _source;
    private readonly AnalyzerOptions _options;
    private readonly SegmentDecoder _decoder = new();
    private readonly ConnectionTable _table;
    private readonly Segment[] _batch;
    private long _lastProgress = Stopwatch.GetTimestamp();
    private bool _ended;

    /// <summary>Analyzes a capture; owns <paramref name="source"/>.</summary>
    public CloseAnalyzer(ICaptureSource source, AnalyzerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _options = options ?? new AnalyzerOptions();
        _batch = new Segment[source.Length is null ? 1 : BatchSize]; // what comes through a pipe is not kept waiting for more
        _table = new ConnectionTable(_options.MaxConnections, (long)_options.Linger.TotalNanoseconds, _options.MaxLingering, (_options.Pool ?? new RecordPool()).Connections);
    }

    /// <summary>Why the capture could not be read to its end; null where it could. Set once <see cref="TryNext"/> has returned false.</summary>
    public CaptureFormatException? Fault { get; private set; }

    /// <summary>Frames read.</summary>
    public long Frames { get; private set; }

    /// <summary>Connections given up to keep within <see cref="AnalyzerOptions.MaxConnections"/>.</summary>
    public long Evicted => _table.Evicted;

    /// <summary>Frames that the capturing program says it lost.</summary>
    public long DroppedFrames => _source.DroppedFrames;

    /// <summary>What became of the frames.</summary>
    public SegmentDecoder Decoder => _decoder;

    /// <summary>Opens a capture file, or standard input for "-".</summary>
    /// <exception cref="CaptureFormatException">The file is empty or no capture.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static CloseAnalyzer Open(string path, AnalyzerOptions? options = null) => new(CaptureFile.Open(path), options);

    /// <summary>The next connection whose record is final; false at the end of the capture or at its damage.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="IOException">The file cannot be read any further.</exception>
    public bool TryNext([NotNullWhen(true)] out ConnectionClose? record, CancellationToken cancellation = default)
    {
        Connection? connection;
        while (!_table.TryTake(out connection))
        {
            if (_ended)
            {
                record = null;
                return false;
            }

            ReadOn(cancellation);
        }

        record = new ConnectionClose(_source.Name, connection!, _source.DroppedFrames > 0);
        return true;
    }

    public void Dispose() => _source.Dispose();

    /// <summary>Reads until a connection is final, it is time for a look round, or the capture ends.</summary>
    private void ReadOn(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        for (int i = 0; i < FramesPerLook && !_ended && !_table.HasFinished; i += _batch.Length)
        {
            bool more = ReadBatch(out int count);
            ReadOnlySpan<Segment> segments = _batch.AsSpan(0, count);
            _table.Anticipate(segments);
            foreach (ref readonly Segment segment in segments)
            {
                if (segment.IsQuoted)
                    _table.ObserveQuoted(segment);
                else
                    _table.Observe(segment);
            }

            if (!more)
                End();
        }

        if (_options.Progress is not null)
            Report(_options.Progress);
    }

    /// <summary>Decodes the next few frames; false where the capture ends with them, or is damaged after them.</summary>
    private bool ReadBatch(out int count)
    {
        count = 0;
        try
        {
            for (int i = 0; i < _batch.Length; i++)
            {
                if (!_source.TryRead(out Frame frame))
                    return false;
                Frames++;
                if (_decoder.Decode(frame, out _batch[count]) is DecodeOutcome.Segment or DecodeOutcome.QuotedSegment)
                    count++;
            }

            return true;
        }
        catch (CaptureFormatException fault)
        {
            Fault = fault;
            return false;
        }
    }

    private void End()
    {
        _table.Flush();
        _ended = true;
    }

    private void Report(Action<AnalyzerProgress> progress)
    {
        long now = Stopwatch.GetTimestamp();
        if (now - _lastProgress < ProgressInterval)
            return;
        _lastProgress = now;
        progress(new AnalyzerProgress(_source.Name, _source.Position, _source.Length, Frames, _table.Count));
    }
}
