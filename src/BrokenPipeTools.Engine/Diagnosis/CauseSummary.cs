using System.IO.Enumeration;
using BrokenPipeTools.Diagnosis.Rules;

namespace BrokenPipeTools.Diagnosis;

/// <summary>A cause and its description in one line.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Summary">The description: one sentence, shown in completion, in the help and in the README.</param>
public sealed record CauseSummary(Cause Cause, string Summary)
{
    /// <summary>All causes, in the order of their names.</summary>
    public static IReadOnlyList<CauseSummary> All { get; } =
        [.. CauseCatalog.All.Select(rule => new CauseSummary(rule.Cause, rule.Summary)).OrderBy(one => one.Cause.ToString(), StringComparer.Ordinal)];

    /// <summary>
    /// Returns the causes whose name matches a pattern. * stands for any characters and ? for one; case does not matter. Returns none if the pattern
    /// is empty or a number.
    /// </summary>
    public static IReadOnlyList<Cause> Matching(string? pattern) =>
        string.IsNullOrEmpty(pattern) ? [] : [.. All.Select(one => one.Cause).Where(cause => FileSystemName.MatchesSimpleExpression(pattern, cause.ToString()))];
}
