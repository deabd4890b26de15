using System.Management.Automation;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Parameters;

/// <summary>
/// Accepts the names of an enum, and no numbers. The parameter's type is string, because PowerShell would complete an enum by itself, without the
/// tooltips of our completer.
/// </summary>
/// <param name="type">The enum.</param>
/// <param name="kind">The kind of thing that the names mean, for the error message, such as probe.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateEnumNameAttribute(Type type, string kind) : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>Whether to accept also a pattern, if it matches at least one name: see <see cref="NamePattern"/>.</summary>
    public bool Wildcards { get; set; }

    protected override void ValidateElement(object element)
    {
        string[] names = Enum.GetNames(type);
        string? text = element?.ToString();
        bool isKnown = Wildcards ? names.Any(name => NamePattern.Matches(text, name)) : names.Contains(text, StringComparer.OrdinalIgnoreCase);
        if (!isKnown)
            throw new ValidationMetadataException($"{Capital(SimilarName.Describe(kind, DisplayText.Of(text), [.. names.Order(StringComparer.Ordinal)]))}.");
    }

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..]; // PowerShell puts it after a sentence of its own
}
