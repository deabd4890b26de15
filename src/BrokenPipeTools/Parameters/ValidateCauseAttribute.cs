using System.Management.Automation;
using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Parameters;

/// <summary>
/// Takes the names of causes, and no numbers. The parameter is a string because PowerShell completes an enum by itself, without
/// asking a completer: there would be no tooltips.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateCauseAttribute : ValidateEnumeratedArgumentsAttribute
{
    protected override void ValidateElement(object element)
    {
        string? name = element?.ToString();
        if (CauseSummary.Parse(name) is null)
            throw new ValidationMetadataException(CauseSummary.Unknown(name));
    }
}
