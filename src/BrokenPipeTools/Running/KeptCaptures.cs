using System.Management.Automation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Running;

/// <summary>
/// The folder where a run keeps its packets. A place that cannot be written is one error, not one for every scenario; the scenarios are
/// run anyway.
/// </summary>
/// <param name="folder">Null keeps none.</param>
/// <param name="report">Takes the error.</param>
/// <param name="warn">Takes warnings for the user.</param>
internal sealed class KeptCaptures(string? folder, Action<ErrorRecord> report, Action<string> warn)
{
    private bool _warned;

    /// <summary>The folder; null if none was requested, or if it is not writable.</summary>
    public string? Folder { get; private set; } = folder;

    public void Fail(string path, Exception cause)
    {
        Folder = null;
        report(ErrorRecords.CaptureWriteFailed(path, cause));
    }

    /// <summary>Warns once why the folder stays empty, if packets cannot be captured.</summary>
    public void Look(ScenarioResult result)
    {
        if (_warned || Folder is null || result.CaptureNote is null || result.IPVersion is null)
            return;
        _warned = true;
        warn($"No packets are written to {Folder}: {result.CaptureNote}");
    }
}
