using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;

namespace BrokenPipeTools.Tests.Lab;

/// <summary>Finds which of the scenarios that need root can be run on this machine.</summary>
internal static class PrivilegedRight
{
    public static IEnumerable<Scenario> All { get; } = ScenarioCatalog.All.Where(scenario => scenario.Needs.HasFlag(ScenarioNeeds.Root));

    public static IEnumerable<Scenario> Runnable { get; } = [.. All.Where(scenario => scenario.Missing() is null)];

    /// <summary>The reason why none of them can be run; null if some can.</summary>
    public static string? Missing { get; } = Runnable.Any() ? null : All.First().Missing();

    /// <summary>The reason why some of them cannot be run; null if all can.</summary>
    public static string? MissingToSome { get; } = All.Select(scenario => scenario.Missing()).FirstOrDefault(missing => missing is not null);
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

/// <summary>Skipped, with the reason, if one of them cannot be run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EveryPrivilegedFactAttribute : FactAttribute
{
    public EveryPrivilegedFactAttribute() => Skip = PrivilegedRight.MissingToSome;
}
