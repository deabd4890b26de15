namespace BrokenPipeTools.Diagnosis;

/// <summary>A cause and what to say of it in one line.</summary>
/// <param name="Cause">Its name.</param>
/// <param name="Summary">One sentence: shown in completion, in the help and in the README.</param>
public sealed record CauseSummary(Cause Cause, string Summary)
{
    /// <summary>Every cause, in the order of their names: what a person chooses from.</summary>
    public static IReadOnlyList<CauseSummary> All { get; } =
        [.. CauseCatalog.All.Select(rule => new CauseSummary(rule.Cause, rule.Summary)).OrderBy(one => one.Cause.ToString(), StringComparer.Ordinal)];

    /// <summary>The cause of that name, in any case; null for none. A number is no name.</summary>
    public static Cause? Parse(string? name) =>
        All.FirstOrDefault(one => one.Cause.ToString().Equals(name, StringComparison.OrdinalIgnoreCase))?.Cause;

    /// <summary>What to tell somebody who asked for a cause that does not exist.</summary>
    public static string Unknown(string? name) => $"there is no cause {name}; there are {string.Join(", ", All.Select(one => one.Cause))}";
}
