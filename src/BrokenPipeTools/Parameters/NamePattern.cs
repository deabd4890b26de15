using System.Management.Automation;

namespace BrokenPipeTools.Parameters;

/// <summary>Matches names with or without PowerShell's wildcards, regardless of case.</summary>
internal static class NamePattern
{
    /// <summary>Returns whether a name matches a pattern. A pattern that PowerShell cannot read, such as a[, is treated as a name.</summary>
    public static bool Matches(string? pattern, string name)
    {
        if (string.IsNullOrEmpty(pattern))
            return false;
        return IsValid(pattern)
            ? WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name)
            : name.Equals(pattern, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Returns whether PowerShell can read a pattern. For example, it cannot read a[.</summary>
    public static bool IsValid(string pattern)
    {
        try
        {
            WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch("");
            return true;
        }
        catch (WildcardPatternException)
        {
            return false;
        }
    }

    /// <summary>Returns the values of an enum whose names match, each once. A number does not match.</summary>
    public static T[] Values<T>(IEnumerable<string> patterns)
        where T : struct, Enum =>
        [.. patterns.SelectMany(pattern => Enum.GetValues<T>().Where(value => Matches(pattern, value.ToString()))).Distinct()];
}
