using System.Management.Automation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools;

/// <summary>
/// The base of all cmdlets: the messages that PowerShell displays have no character that a terminal would obey. The exception, the target
/// and the records keep the text as it is.
/// </summary>
public abstract class DisplayCmdlet : PSCmdlet
{
    private protected DisplayCmdlet()
    {
    }

    internal new void WriteError(ErrorRecord errorRecord) => base.WriteError(Clean(errorRecord));

    internal new void ThrowTerminatingError(ErrorRecord errorRecord) => base.ThrowTerminatingError(Clean(errorRecord));

    internal new void WriteWarning(string text) => base.WriteWarning(DisplayText.Of(text));

    internal new void WriteVerbose(string text) => base.WriteVerbose(DisplayText.Of(text));

    internal new void WriteProgress(ProgressRecord progressRecord)
    {
        progressRecord.Activity = DisplayText.Of(progressRecord.Activity);
        progressRecord.StatusDescription = DisplayText.Of(progressRecord.StatusDescription);
        progressRecord.CurrentOperation = DisplayText.Of(progressRecord.CurrentOperation);
        base.WriteProgress(progressRecord);
    }

    internal new bool ShouldProcess(string target, string action) => base.ShouldProcess(DisplayText.Of(target), DisplayText.Of(action));

    /// <summary>PowerShell displays the details in place of the exception's message, and the category with the target's name.</summary>
    private static ErrorRecord Clean(ErrorRecord record)
    {
        string message = record.ErrorDetails?.Message ?? record.Exception.Message;
        string shown = DisplayText.Of(message);
        if (shown != message)
            record.ErrorDetails = new ErrorDetails(shown) { RecommendedAction = record.ErrorDetails?.RecommendedAction };
        record.CategoryInfo.TargetName = DisplayText.Of(record.CategoryInfo.TargetName);
        return record;
    }
}
