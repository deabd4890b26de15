using System.Management.Automation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Running;

/// <summary>
/// The folder for the packets of a run. If it cannot be written, this is reported as one error for the run, and not for each scenario. The scenarios
/// are run anyway.
/// </summary>
/// <param name="folder">The folder; null: packets are not kept.</param>
/// <param name="report">Receives the error.</param>
/// <param name="warn">Receives warnings.</param>
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

    /// <summary>Warns, once, that packets cannot be captured, and why the folder therefore stays empty.</summary>
    public void WarnOnce(ScenarioResult result)
    {
        if (_warned || Folder is null || result.CaptureNote is null || result.IPVersion is null)
            return;
        _warned = true;
        warn($"No packets are written to {Folder}: {result.CaptureNote}");
    }
}
