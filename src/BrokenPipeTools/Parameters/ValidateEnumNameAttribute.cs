using System.Management.Automation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Parameters;

/// <summary>
/// Takes the names of an enum, and no numbers. The parameter is made of strings because PowerShell completes an enum by itself,
/// without asking a completer: there would be no tooltips.
/// </summary>
/// <param name="type">The enum.</param>
/// <param name="kind">The kind of thing that its names stand for, for the error: <c>probe</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateEnumNameAttribute(Type type, string kind) : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>Takes a pattern too, if it matches at least one name: see <see cref="NamePattern"/>.</summary>
    public bool Wildcards { get; set; }

    protected override void ValidateElement(object element)
    {
        string[] names = Enum.GetNames(type);
        string? text = element?.ToString();
        bool isKnown = Wildcards ? names.Any(name => NamePattern.Matches(text, name)) : names.Contains(text, StringComparer.OrdinalIgnoreCase);
        if (!isKnown)
            throw new ValidationMetadataException($"Unknown {kind} '{DisplayText.Of(text)}'; valid: {string.Join(", ", names.Order(StringComparer.Ordinal))}.");
    }
}
