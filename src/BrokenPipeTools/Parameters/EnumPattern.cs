using System.Management.Automation;

namespace BrokenPipeTools.Parameters;

/// <summary>Names of an enum, in any case and with PowerShell's wildcards. A number is not a name.</summary>
internal static class EnumPattern
{
    /// <summary>Checks one name against one pattern.</summary>
    public static bool Matches(string? pattern, string name) => !string.IsNullOrEmpty(pattern) && WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name);

    /// <summary>Returns the values whose names match, each once.</summary>
    public static T[] Resolve<T>(IEnumerable<string> patterns)
        where T : struct, Enum =>
        [.. patterns.SelectMany(pattern => Enum.GetValues<T>().Where(value => Matches(pattern, value.ToString()))).Distinct()];
}
