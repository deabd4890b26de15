using System.IO.Enumeration;
using BrokenPipeTools.Diagnosis.Rules;

namespace BrokenPipeTools.Diagnosis;

/// <summary>A cause and its summary in one line.</summary>
/// <param name="Cause">Its name.</param>
/// <param name="Summary">One sentence: shown in completion, in the help and in the README.</param>
public sealed record CauseSummary(Cause Cause, string Summary)
{
    /// <summary>Every cause, in the order of their names, for lists of valid values.</summary>
    public static IReadOnlyList<CauseSummary> All { get; } =
        [.. CauseCatalog.All.Select(rule => new CauseSummary(rule.Cause, rule.Summary)).OrderBy(one => one.Cause.ToString(), StringComparer.Ordinal)];

    /// <summary>Returns the causes whose name matches a pattern with * and ?, regardless of case; none if the pattern is empty. A number does not match.</summary>
    public static IReadOnlyList<Cause> Matching(string? pattern) =>
        string.IsNullOrEmpty(pattern) ? [] : [.. All.Select(one => one.Cause).Where(cause => FileSystemName.MatchesSimpleExpression(pattern, cause.ToString()))];
}
