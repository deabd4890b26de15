using System.Diagnostics;
using System.Management.Automation;
using BrokenPipeTools.Probes;

namespace BrokenPipeTools.Probing;

/// <summary>Shows the progress of long probes, at most four times per second.</summary>
internal sealed class ProbingProgress(Action<ProgressRecord> write)
{
    private const int ActivityId = 0;
    private const string Activity = "Probing how endpoints close";

    private static readonly TimeSpan ShowAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly long _begin = Stopwatch.GetTimestamp();
    private long _last;
    private bool _shown;

    /// <param name="progress">Called only if it is time to show the progress.</param>
    public void Show(Func<TeardownProgress> progress)
    {
        if (Stopwatch.GetElapsedTime(_begin) < ShowAfter || Stopwatch.GetElapsedTime(_last) < Interval)
            return;
        _last = Stopwatch.GetTimestamp();
        TeardownProgress now = progress();
        if (now.Activities.Count == 0)
            return;
        write(new ProgressRecord(ActivityId, Activity, now.ToString())
        {
            PercentComplete = (int)(now.Share * 100),
            SecondsRemaining = now.IsCrowded ? -1 : (int)Math.Ceiling(now.Remaining.TotalSeconds),
        });
        _shown = true;
    }

    /// <summary>Removes the progress bar, if there is one.</summary>
    public void Complete()
    {
        if (_shown)
            write(new ProgressRecord(ActivityId, Activity, "done") { RecordType = ProgressRecordType.Completed });
        _shown = false;
    }
}
