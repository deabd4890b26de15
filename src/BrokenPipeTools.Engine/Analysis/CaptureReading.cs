using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Analysis;

/// <summary>Reads one input, from opening it to its end. Any exception of opening, reading or analyzing it becomes <see cref="Problem"/>.</summary>
internal sealed class CaptureReading : IDisposable
{
    private readonly string _name;
    private readonly Func<AnalyzerOptions, CancellationToken, CloseAnalyzer> _open;
    private readonly AnalyzerOptions _options;
    private readonly CancellationTokenSource _abandon; // Dispose also ends a read that is still waiting
    private CloseAnalyzer? _analyzer;
    private Exception? _callbackFault;

    /// <param name="name">The input, for messages.</param>
    /// <param name="open">Opens it. The token cancels a read that is waiting.</param>
    /// <param name="options">The bounds of the analysis.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    public CaptureReading(string name, Func<AnalyzerOptions, CancellationToken, CloseAnalyzer> open, AnalyzerOptions options, CancellationToken cancellation)
    {
        _name = name;
        _open = open;
        _abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _options = options with
        {
            Progress = options.Progress is { } progress ? state => CallBack(() => progress(state)) : null,
            BeforeWait = options.BeforeWait is { } wait ? () => CallBack(wait) : null,
        };
    }

    /// <summary>Why it could not be read, or not to its end; known once <see cref="TryOpen"/> or <see cref="TryNext"/> has returned false.</summary>
    public CaptureProblem? Problem { get; private set; }

    /// <summary>The exception behind <see cref="Problem"/>, for <c>$Error[0].Exception</c>.</summary>
    public Exception? Cause { get; private set; }

    /// <summary>How many frames it had, and how many were not decoded; null if it could not be opened.</summary>
    public string? Summary => _analyzer is null ? null : CaptureSummary.Of(_analyzer);

    /// <summary>A warning if frames were lost; null if none were.</summary>
    public string? Loss => _analyzer is null ? null : CaptureSummary.LossOf(_analyzer, _name);

    /// <summary>Returns a warning if connections were given up to keep within the bound; null if none were.</summary>
    public string? Evictions(string parameter) => _analyzer is null ? null : CaptureSummary.EvictionsOf(_analyzer, _name, parameter);

    /// <summary>Whether other threads can help to decode it, because it is a large file.</summary>
    public bool IsShared => _analyzer is { IsShared: true };

    /// <summary>Opens the input. Returns false if it cannot be opened.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public bool TryOpen()
    {
        try
        {
            _analyzer = _open(_options, _abandon.Token);
            return true;
        }
        catch (Exception e) when (IsProblem(e))
        {
            Note(e);
            return false;
        }
    }

    /// <summary>Reads until the next connection is final. Returns false at the end, if nothing more can be read, or if the input could not be opened.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public bool TryNext(out PendingClose pending)
    {
        pending = default;
        if (_analyzer is null)
            return false;
        try
        {
            if (_analyzer.TryNextPending(out pending, _abandon.Token))
                return true;
            Problem = _analyzer.FindProblem(_name);
            Cause = _analyzer.Fault;
        }
        catch (Exception e) when (IsProblem(e))
        {
            Note(e);
        }

        return false;
    }

    /// <summary>Cancels the reading, from any thread.</summary>
    public void Abandon() => _abandon.Cancel();

    public void Dispose()
    {
        _abandon.Cancel();
        _analyzer?.Dispose();
        _abandon.Dispose();
    }

    /// <summary>Returns whether an exception is a problem of the input, and not a cancellation or an exception of the caller.</summary>
    private bool IsProblem(Exception e) => e is not OperationCanceledException && e != _callbackFault;

    private void Note(Exception e)
    {
        Problem = CaptureProblem.From(e, _name);
        Cause = e;
    }

    /// <summary>Calls back. An exception of the callback does not become a problem of the input.</summary>
    private void CallBack(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception e)
        {
            _callbackFault = e;
            throw;
        }
    }
}
