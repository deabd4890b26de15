using System.Diagnostics.CodeAnalysis;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probing;

/// <summary>
/// Runs the probes of one pipeline. It is used from the pipeline's thread alone, but for <see cref="Stop"/>: only there may
/// results be written.
/// </summary>
internal sealed class ProbingSession(TeardownOptions options) : IDisposable
{
    private readonly TeardownRun _run = new(options);
    private readonly Queue<Task<bool?>> _targets = new();
    private int _added;

    /// <summary>Every target was added and every result taken.</summary>
    public bool IsFinished => _run.IsFinished;

    /// <summary>
    /// As many targets wait for their turn as are being probed: a pipeline that brings more has to wait, so that it is not held in memory.
    /// </summary>
    public bool IsFull => _run.Unfinished / 2 >= options.ThrottleLimit;

    /// <summary>Targets that were not yet started when it was stopped.</summary>
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
    /// For the targets that are done, whether they passed: in the order in which they were added, because true or false does
    /// not name the target.
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

    /// <summary>Ends the running probes, from any thread; their results so far are still written.</summary>
    public void Stop()
    {
        try
        {
            _run.Stop();
        }
        catch (ObjectDisposedException)
        {
            // The pipeline ended at the same moment.
        }
    }

    public void Dispose() => _run.Dispose();
}
