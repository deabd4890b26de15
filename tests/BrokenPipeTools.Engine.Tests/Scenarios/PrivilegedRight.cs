using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Tests.Scenarios;

/// <summary>Which of the scenarios that need root can be played here.</summary>
internal static class PrivilegedRight
{
    public static IEnumerable<Scenario> All { get; } = ScenarioCatalog.All.Where(scenario => scenario.Needs.HasFlag(ScenarioNeeds.Root));

    public static IEnumerable<Scenario> Playable { get; } = [.. All.Where(scenario => ScenarioCatalog.Missing(scenario) is null)];

    /// <summary>What is missing to play any of them; null if something can be played.</summary>
    public static string? Missing { get; } = Playable.Any() ? null : ScenarioCatalog.Missing(All.First());

    /// <summary>What is missing to play all of them; null if all can be played.</summary>
    public static string? MissingToSome { get; } = All.Select(scenario => ScenarioCatalog.Missing(scenario)).FirstOrDefault(missing => missing is not null);
}

/// <summary>Skipped, with the reason, if namespaces cannot be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PrivilegedFactAttribute : FactAttribute
{
    public PrivilegedFactAttribute() => Skip = PrivilegedRight.Missing;
}

/// <summary>Skipped, with the reason, if namespaces cannot be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PrivilegedTheoryAttribute : TheoryAttribute
{
    public PrivilegedTheoryAttribute() => Skip = PrivilegedRight.Missing;
}

/// <summary>Skipped, with the reason, if one of them cannot be played.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EveryPrivilegedFactAttribute : FactAttribute
{
    public EveryPrivilegedFactAttribute() => Skip = PrivilegedRight.MissingToSome;
}
