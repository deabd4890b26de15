using System.Management.Automation;

namespace BrokenPipeTools.Parameters;

/// <summary>
/// Takes the names of an enum, and no numbers. The parameter is made of strings because PowerShell completes an enum by itself,
/// without asking a completer: there would be no tooltips.
/// </summary>
/// <param name="type">The enum.</param>
/// <param name="what">What its names are the names of, for the error: <c>probe</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateEnumNameAttribute(Type type, string what) : ValidateEnumeratedArgumentsAttribute
{
    protected override void ValidateElement(object element)
    {
        string[] names = Enum.GetNames(type);
        if (!names.Contains(element?.ToString(), StringComparer.OrdinalIgnoreCase))
            throw new ValidationMetadataException($"there is no {what} {element}; there are {string.Join(", ", names.Order(StringComparer.Ordinal))}");
    }
}
