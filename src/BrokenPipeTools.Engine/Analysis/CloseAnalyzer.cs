using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Capture.Text;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// The entry: takes frames and returns a <see cref="ConnectionClose"/> for each TCP connection. The way of the data:
/// <code>
/// bytes → frames → segments → connections → closing → record
/// Capture  Capture  Wire       Connections   Closing   Reports
/// </code>
/// A record is returned as soon as it is final; the records of open connections are returned at the end of the capture. If the capture is damaged,
/// everything before the damage is reported first; then <see cref="Fault"/> has the reason and the place.
/// </summary>
public sealed partial class CloseAnalyzer : IDisposable
{
    /// <summary>The number of frames between two checks of the clock and of the cancellation.</summary>
    private const int FramesPerCheck = 4096;

    /// <summary>The interval of these checks if frames come slowly, in milliseconds.</summary>
    private const long MillisecondsPerCheck = 100;

    private static readonly long ProgressInterval = Stopwatch.Frequency / 4;

    private readonly ICaptureSource _source;
    private readonly AnalyzerOptions _options;
    private readonly SegmentDecoder _decoder = new();
    private readonly ConnectionTable _table;
    private readonly SegmentReader _reader;
    private readonly RecordBuilder _builder;
    private readonly RecordPool _pool;
    private readonly PacketChoice? _choice;
    private readonly FrameCopy? _frame; // only for AnalyzerOptions.IncludePacket
    private SegmentBatch? _batch;
    private int _done; // the number of its segments that have been observed
    private long _observed; // the frame of the newest segment that was observed
    private long _lastProgress = Stopwatch.GetTimestamp();
    private long _lastCheck = Environment.TickCount64;
    private bool _isCheckDue;
    private bool _ended;

    /// <summary>Analyzes a capture; owns <paramref name="source"/>.</summary>
    public CloseAnalyzer(ICaptureSource source, AnalyzerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _options = options ?? new AnalyzerOptions();
        _pool = _options.Pool ?? new RecordPool();
        _decoder.Text = _options.Filter.TextBytes;
        _table = new ConnectionTable(_options.MaxConnections, Nanoseconds.From(_options.Linger), _options.MaxLingering, _pool.Connections, _decoder.Texts);
        _frame = _options.IncludePacket ? new FrameCopy() : null;
        _choice = _options.Choices?.Begin(source.Name);
        _reader = SegmentReader.Open(source, _decoder, _options, _frame, _choice);
        _builder = new RecordBuilder(source.Name, new DiagnosisContext(_options.Timers, _options.LocalAddresses, source.Names), _options.Filter);
    }

    /// <summary>
    /// The reason why the capture could not be read to its end: a <see cref="CaptureFormatException"/> for damage, another exception if the system
    /// could not read the file any further. Null if it could be read. Set once <see cref="TryNext"/> has returned false.
    /// </summary>
    public Exception? Fault { get; private set; }

    /// <summary>Frames read.</summary>
    public long Frames { get; private set; }

    /// <summary>The bound on connections that are open at the same time.</summary>
    public int MaxConnections => _options.MaxConnections;

    /// <summary>Connections removed to keep within <see cref="AnalyzerOptions.MaxConnections"/>.</summary>
    public long Evicted => _table.Evicted;

    /// <summary>Frames that the capturing program reports as lost.</summary>
    public long DroppedFrames => _source.DroppedFrames;

    /// <summary>The part of the capture that could not be read although it was read to its end; null for none.</summary>
    public string? Remarks => _source.Remarks;

    /// <summary>Whether other threads can help to decode the capture.</summary>
    internal bool IsShared => _reader is SharedSegmentReader;

    /// <summary>Decodes the frames, and counts them by their outcome.</summary>
    internal SegmentDecoder Decoder => _decoder;

    /// <summary>Frames left out, without decoding them, because their addresses or ports were not selected.</summary>
    internal long LeftOut => _choice?.LeftOut ?? 0;

    /// <summary>Returns the problem of the capture; null if there is none. Call it after the capture was read to its end or to its damage.</summary>
    /// <param name="path">The name of the capture for the message.</param>
    public CaptureProblem? FindProblem(string path)
    {
        if (Fault is not null)
            return CaptureProblem.From(Fault, path);
        bool isNothingDecoded = Frames > 0 && _decoder.Count(DecodeOutcome.UnknownLinkType) == Frames;
        return isNothingDecoded ? CaptureProblem.OfLinkType(path, _decoder.LastUnknownLinkType, Frames) : null;
    }

    /// <summary>Opens a capture file, or standard input for "-".</summary>
    /// <exception cref="CaptureFormatException">The file is empty or not a capture.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static CloseAnalyzer Open(string path, AnalyzerOptions? options = null) => new(CaptureFile.Open(path), options);

    /// <summary>Returns the next connection whose record is final; false at the end of the capture or at its damage.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public bool TryNext([NotNullWhen(true)] out ConnectionClose? record, CancellationToken cancellation = default) => TryMakeNext(waits: true, out record, cancellation);

    /// <summary>Finds the next final connection as <see cref="TryNext"/> does, without making its record.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    internal bool TryNextPending(out PendingClose pending, CancellationToken cancellation) => TryFind(waits: true, out pending, cancellation);

    /// <summary>Returns the next final record, without waiting for more packets of a live source; false if there is none yet, or at the end.</summary>
    internal bool TryNextReady([NotNullWhen(true)] out ConnectionClose? record, CancellationToken cancellation = default) => TryMakeNext(waits: false, out record, cancellation);

    /// <summary>Closes the capture. Records that were returned stay valid.</summary>
    public void Dispose() => _reader.Dispose();

    private bool TryMakeNext(bool waits, [NotNullWhen(true)] out ConnectionClose? record, CancellationToken cancellation)
    {
        while (TryFind(waits, out PendingClose pending, cancellation))
        {
            if (pending.TryMake(out record))
                return true;
            _pool.Return(pending);
        }

        record = null;
        return false;
    }

    private bool TryFind(bool waits, out PendingClose pending, CancellationToken cancellation)
    {
        while (!_ended || _table.HasFinished)
        {
            if (_table.TryTake(out FinalConnection final))
            {
                pending = new PendingClose(_builder, final, LacksOf(final.Connection), FirstOwnNumber);
                return true;
            }

            ReadOn(cancellation);
            if (!waits && _batch?.QuietUntil is not null && !_table.HasFinished)
                break;
        }

        pending = default;
        return false;
    }

    /// <summary>
    /// The first stream number that may differ from Wireshark's. It is 0 if Wireshark numbers otherwise: in a single file of a series, in the capture
    /// that a text was printed from, and in a capture of which packets were left out. Otherwise it is the first number after a connection was
    /// removed, because that one may have continued under another number.
    /// </summary>
    private int FirstOwnNumber => _choice is not null || _source is TraceText or CaptureSeries { IsOfSeveral: true } ? 0 : _table.FirstOwnStream;

    /// <summary>Returns the data that the capture lacks and whose absence the connection's own segments do not show.</summary>
    private CaptureQuality LacksOf(Connection connection) =>
        (_batch is { IsAfterDrops: true } ? CaptureQuality.Drops : 0) | (IsCutShort(connection) ? CaptureQuality.CutShort : 0);

    /// <summary>Returns whether the capture lost frames while the connection was open: some of them may have belonged to it.</summary>
    private bool IsCutShort(Connection connection)
    {
        if (Fault is not null)
            return !connection.IsClosed;
        foreach (long last in _batch!.LostAfter)
        {
            // If the loss comes after the frames observed so far, it also came after this connection was final.
            bool isPassed = _ended || last < _observed;
            if (isPassed && connection.FirstFrame <= last && (connection.LastFrame > last || !connection.IsClosed))
                return true;
        }

        return false;
    }

    /// <summary>Reads until a connection is final, or the next check of clock and cancellation is due, or the capture ends.</summary>
    private void ReadOn(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _isCheckDue = false;
        for (long until = Frames + FramesPerCheck; Frames < until && !_ended && !_table.HasFinished && !_isCheckDue;)
        {
            if (_batch is null || _done == _batch.Segments.Length)
            {
                Advance(cancellation);
                continue;
            }

            int count = Math.Min(ConnectionTable.LookedUpTogether, _batch.Segments.Length - _done);
            ReadOnlySpan<Segment> segments = _batch.Segments.Slice(_done, count);
            ReadOnlySpan<SegmentFlow> flows = _batch.Flows.Slice(_done, count);
            if (_frame is null)
                _table.Observe(segments, flows);
            else
                LoggedFrames.Observe(_table, segments[0], flows[0], _frame); // the only one of its batch
            _done += count;
            _observed = segments[^1].Frame;
        }

        if (_options.Progress is not null)
            Report(_options.Progress);
    }

    /// <summary>Advances to the next batch, or to the end after the last one.</summary>
    private void Advance(CancellationToken cancellation)
    {
        if (_batch is { IsLast: true })
        {
            Fault = _batch.Fault;
            End();
            return;
        }

        _batch = _reader.Next(cancellation);
        _done = 0;
        Frames += _batch.Frames;
        if (_source is ILiveSource)
            CheckClock();
    }

    /// <summary>Checks the time: it also passes between the packets of a live capture, which may be far apart.</summary>
    private void CheckClock()
    {
        if (_batch!.QuietUntil is { } now)
            _table.PassTime(now);
        long ticks = Environment.TickCount64;
        _isCheckDue = _batch.QuietUntil is not null || ticks - _lastCheck >= MillisecondsPerCheck;
        if (_isCheckDue)
            _lastCheck = ticks;
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
        progress(new AnalyzerProgress(_source.Name, _source.Position, _source.Length, Frames, _table.Count, _source.DroppedFrames));
    }
}
