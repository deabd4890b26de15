using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Reads files that are one capture, one after the other: those of a ring buffer, as dumpcap -b and tcpdump -C or -G write them. Frame numbers
/// continue from file to file, as after mergecap -a. If a file cannot be read, or not to its end, the problem is stored and the next file is read:
/// the missing frames are a gap like any other.
/// </summary>
internal sealed class CaptureSeries : IBufferedSource
{
    /// <summary>Nanoseconds. Frames of different processors may be out of order by this much at the end of one file and the begin of the next.</summary>
    private const long Jitter = Nanoseconds.PerSecond;

    private readonly IReadOnlyList<string> _paths;
    private readonly Func<string, ICaptureSource> _open;
    private readonly List<SeriesFault> _faults = [];
    private volatile long[] _lostAfter = []; // always replaced and never changed in place, because another thread reads it
    private ICaptureSource? _current;
    private int _next;
    private long _bytesBefore; // this and the next two fields are sums over the files before the current one
    private long _droppedBefore;
    private long _framesBefore;
    private long _lastNumber;
    private long? _began; // the time of the first frame of the previous file
    private long? _ended; // the time of the newest frame
    private bool _isFirst;

    /// <param name="paths">The files, the oldest first; at least one.</param>
    /// <param name="open">Opens one of them; null for <see cref="CaptureFile.Open(string)"/>.</param>
    public CaptureSeries(IReadOnlyList<string> paths, Func<string, ICaptureSource>? open = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count);
        _paths = paths;
        _open = open ?? CaptureFile.Open;
        Length = LengthOf(paths);
    }

    /// <summary>The name of the first file. Frame numbers continue from its frames.</summary>
    public string Name => _paths[0];

    /// <summary>Whether it has more than one file.</summary>
    internal bool IsOfSeveral => _paths.Count > 1;

    public long Position { get; private set; } // stored, because another thread reads it, and the file may be closed by then

    public long? Length { get; }

    public long DroppedFrames { get; private set; }

    public IReadOnlyList<long> LostAfter => _lostAfter;

    /// <summary>The problems of the series' files, in their order; complete once the series has been read.</summary>
    public IReadOnlyList<SeriesFault> Faults => _faults;

    /// <summary>The first file that begins earlier than the previous file begins, so that the files are in the wrong order. Null if there is none.</summary>
    public string? FirstOutOfOrder { get; private set; }

    /// <summary>The first file that begins before the previous file ends, so that the files are not parts of one capture. Null if there is none.</summary>
    public string? FirstOverlapping { get; private set; }

    public bool TryRead(out Frame frame)
    {
        while (_current is not null || Open())
        {
            if (TryReadCurrent(now: false, out frame))
                return true;
            Close();
        }

        frame = default;
        return false;
    }

    bool IBufferedSource.TryReadNow(out Frame frame)
    {
        frame = default;
        return _current is IBufferedSource && TryReadCurrent(now: true, out frame);
    }

    public void Dispose() => Close();

    /// <summary>Opens the next file that can be opened. Returns false if there is none.</summary>
    private bool Open()
    {
        while (_next < _paths.Count && _current is null)
        {
            string path = _paths[_next++];
            try
            {
                _current = _open(path);
                _isFirst = true;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Note(path, e);
            }
        }

        return _current is not null;
    }

    private bool TryReadCurrent(bool now, out Frame frame)
    {
        frame = default;
        try
        {
            if (!(now ? ((IBufferedSource)_current!).TryReadNow(out Frame read) : _current!.TryRead(out read)))
                return false;

            if (read.Time > 0) // a simple packet block has no time
                CheckOrder(read.Time);
            Position = _bytesBefore + _current.Position;
            DroppedFrames = _droppedBefore + _current.DroppedFrames;
            _lastNumber = _framesBefore + read.Number;
            frame = read with { Number = _lastNumber };
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Note(_paths[_next - 1], e);
            if (now)
                Close(); // the next read is of the next file
            return false;
        }
    }

    private void Note(string path, Exception reason)
    {
        _faults.Add(new SeriesFault(path, reason));
        _lostAfter = [.. _lostAfter, _lastNumber];
    }

    private void CheckOrder(long time)
    {
        if (_isFirst)
        {
            _isFirst = false;
            if (time < _began)
                FirstOutOfOrder ??= _paths[_next - 1];
            else if (time < _ended - Jitter)
                FirstOverlapping ??= _paths[_next - 1];
            _began = time;
        }

        _ended = time;
    }

    private void Close()
    {
        if (_current is null)
            return;
        _bytesBefore += _current.Length ?? _current.Position;
        DroppedFrames = _droppedBefore += _current.DroppedFrames;
        _framesBefore = _lastNumber;
        _current.Dispose();
        _current = null;
    }

    /// <summary>Adds the lengths of the files. Returns null if the length of one is not known before it is read: standard input, a named pipe.</summary>
    private static long? LengthOf(IReadOnlyList<string> paths)
    {
        long length = 0;
        foreach (string path in paths)
        {
            if (path == CaptureFile.StandardInput || CaptureStream.MayWait(path))
                return null;
            length += File.Exists(path) ? new FileInfo(path).Length : 0;
        }

        return length;
    }
}
