using System.Globalization;
using System.Management.Automation;

namespace BrokenPipeTools.Running;

/// <summary>Shows which scenario is running. If names come through the pipeline, the number of scenarios is not known.</summary>
/// <param name="write">Shows it.</param>
/// <param name="endless">True if more names may come.</param>
internal sealed class RunningProgress(Action<ProgressRecord> write, bool endless)
{
    private const int ActivityId = 0;
    private const string Activity = "Running scenarios";

    private int _shown;

    /// <param name="name">The scenario.</param>
    /// <param name="index">The index of the scenario, from 0.</param>
    /// <param name="count">The number of scenarios.</param>
    public void Show(string name, int index, int count)
    {
        _shown++;
        string status = endless ? string.Create(CultureInfo.InvariantCulture, $"{_shown}: {name}") : string.Create(CultureInfo.InvariantCulture, $"{index + 1} of {count}: {name}");
        write(new ProgressRecord(ActivityId, Activity, status) { PercentComplete = endless ? -1 : index * 100 / count });
    }

    /// <summary>Removes the progress bar, if there is one.</summary>
    public void Complete()
    {
        if (_shown > 0)
            write(new ProgressRecord(ActivityId, Activity, "done") { RecordType = ProgressRecordType.Completed });
    }
}
