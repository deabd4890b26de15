using System.Management.Automation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Serving;

/// <summary>
/// Takes the name of a <see cref="ServerBehavior"/>, and no number. The parameter is a string because PowerShell completes an enum
/// by itself, without asking a completer: there would be no tooltips.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateBehaviorAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        string[] names = Enum.GetNames<ServerBehavior>();
        if (!names.Contains(arguments?.ToString(), StringComparer.OrdinalIgnoreCase))
            throw new ValidationMetadataException($"there is no behaviour {arguments}; there are {string.Join(", ", names)}");
    }
}
