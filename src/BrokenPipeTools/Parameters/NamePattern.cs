using System.Management.Automation;

namespace BrokenPipeTools.Parameters;

/// <summary>Names with or without PowerShell's wildcards, in any case.</summary>
internal static class NamePattern
{
    /// <summary>Checks one name against one pattern. A pattern that PowerShell cannot read, such as <c>a[</c>, is a name.</summary>
    public static bool Matches(string? pattern, string name)
    {
        if (string.IsNullOrEmpty(pattern))
            return false;
        return IsValid(pattern)
            ? WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name)
            : name.Equals(pattern, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether PowerShell can read a pattern: it cannot read <c>a[</c>.</summary>
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

    /// <summary>Returns the values of an enum whose names match, each once. A number is not a name.</summary>
    public static T[] Values<T>(IEnumerable<string> patterns)
        where T : struct, Enum =>
        [.. patterns.SelectMany(pattern => Enum.GetValues<T>().Where(value => Matches(pattern, value.ToString()))).Distinct()];
}
