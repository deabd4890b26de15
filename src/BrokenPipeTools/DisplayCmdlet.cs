using System.Management.Automation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools;

/// <summary>
/// The base class of all cmdlets. It removes control characters from messages, so that they are safe for a terminal. Exceptions, target objects and
/// records keep the unchanged text.
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

    /// <summary>
    /// Makes an error record safe for a terminal. PowerShell displays the details of the record in place of the exception's message, and the category
    /// with the name of the target.
    /// </summary>
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
