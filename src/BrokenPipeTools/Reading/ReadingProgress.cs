using System.Globalization;
using System.Management.Automation;
using BrokenPipeTools.Analysis;

namespace BrokenPipeTools.Reading;

/// <summary>Shows the progress of long captures. The engine reports progress a few times a second, and none for a short capture.</summary>
internal sealed class ReadingProgress(Action<ProgressRecord> write)
{
    private const int ActivityId = 0;
    private const string Activity = "Reading captures";
    private const string CapturingActivity = "Capturing packets";
    private const long MebiByte = 1 << 20;

    private bool _shown;

    public void Show(AnalyzerProgress progress)
    {
        string status = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(progress.Name)}: {progress.Frames:N0} frames, {progress.Position / MebiByte:N0} MiB, {progress.HeldConnections:N0} connections held");
        write(new ProgressRecord(ActivityId, Activity, status) { PercentComplete = Percent(progress.Position, progress.Length) });
        _shown = true;
    }

    /// <summary>Shows the progress of a live capture.</summary>
    /// <param name="progress">The progress.</param>
    /// <param name="duration">The duration of the capture; null if it has none.</param>
    /// <param name="remaining">The remaining time.</param>
    public void Show(AnalyzerProgress progress, TimeSpan? duration, TimeSpan? remaining)
    {
        string lost = progress.DroppedFrames > 0 ? string.Create(CultureInfo.InvariantCulture, $", {progress.DroppedFrames:N0} dropped") : "";
        string status = string.Create(CultureInfo.InvariantCulture, $"{progress.Name}: {progress.Frames:N0} frames{lost}, {progress.HeldConnections:N0} connections held");
        ProgressRecord record = new(ActivityId, CapturingActivity, status);
        if (duration is { } whole && remaining is { } left)
        {
            record.PercentComplete = Percent((whole - left).Ticks, whole.Ticks);
            record.SecondsRemaining = (int)left.TotalSeconds;
        }

        write(record);
        _shown = true;
    }

    /// <summary>Removes the progress bar, if there is one.</summary>
    public void Complete()
    {
        if (_shown)
            write(new ProgressRecord(ActivityId, Activity, "done") { RecordType = ProgressRecordType.Completed });
        _shown = false;
    }

    /// <summary>
    /// Returns the percentage; -1, which is PowerShell's value for "unknown", if the length of the capture is not known. If the file still grows, it
    /// is 100 at most.
    /// </summary>
    internal static int Percent(long position, long? length) =>
        length is > 0 and { } total ? (int)Math.Clamp(position * 100.0 / total, 0, 100) : -1;
}
