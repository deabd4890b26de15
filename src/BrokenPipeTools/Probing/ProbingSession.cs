using System.Diagnostics.CodeAnalysis;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probing;

/// <summary>
/// Runs the probes of one pipeline. Only the pipeline's thread may use it, because only that thread may write results. <see cref="Stop"/> may be
/// called from any thread.
/// </summary>
internal sealed class ProbingSession(TeardownOptions options) : IDisposable
{
    private readonly TeardownRun _run = new(options);
    private readonly Queue<Task<bool?>> _targets = new();
    private int _added;

    /// <summary>Whether every target was added and every result was taken.</summary>
    public bool IsFinished => _run.IsFinished;

    /// <summary>
    /// Whether as many targets wait as are being probed. A pipeline with more targets must then wait, so that they are not all held in memory.
    /// </summary>
    public bool IsFull => _run.Unfinished / 2 >= options.ThrottleLimit;

    /// <summary>The number of targets that had not begun when the session was stopped.</summary>
    public int NotTried { get; private set; }

    public TeardownProgress Progress => new(_added, _run.Unfinished, _run.Activities);

    public void Add(TeardownTarget target)
    {
        _targets.Enqueue(_run.AddAsync(target));
        _added++;
    }

    public void Complete() => _run.Complete();

    public bool TryTake(TimeSpan wait, [NotNullWhen(true)] out TeardownTest? result) => _run.TryTake(wait, out result);

    /// <summary>
    /// Returns whether the completed targets passed, in the order in which they were added, because true or false alone does not name the target.
    /// </summary>
    public IEnumerable<bool> TakeAnswers()
    {
        while (_targets.TryPeek(out Task<bool?>? first) && (first.IsCompleted || IsFinished))
        {
            if (_targets.Dequeue().GetAwaiter().GetResult() is { } passed)
                yield return passed;
            else
                NotTried++;
        }
    }

    /// <summary>Stops the running probes, from any thread; their results so far are still written.</summary>
    public void Stop()
    {
        try
        {
            _run.Stop();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet ended at the same moment, and has disposed of the cancellation.
        }
    }

    public void Dispose() => _run.Dispose();
}
