using System.Management.Automation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probing;

/// <summary>
/// Takes names of <see cref="TeardownProbeKind"/>, and no numbers. The parameter is made of strings because PowerShell completes an
/// enum by itself, without asking a completer: there would be no tooltips.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateProbeAttribute : ValidateEnumeratedArgumentsAttribute
{
    protected override void ValidateElement(object element)
    {
        string[] names = Enum.GetNames<TeardownProbeKind>();
        if (!names.Contains(element?.ToString(), StringComparer.OrdinalIgnoreCase))
            throw new ValidationMetadataException($"there is no probe {element}; there are {string.Join(", ", names)}");
    }
}
