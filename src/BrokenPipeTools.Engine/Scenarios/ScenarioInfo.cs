using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Scenarios;

/// <summary>What is known of a scenario before it is played.</summary>
public sealed record ScenarioInfo : INaturalOrder<ScenarioInfo>
{
    /// <summary>What people call it by.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it can be played here and now, by this user.</summary>
    public bool CanRun => Missing is null;

    /// <summary>What it cannot be played without.</summary>
    public required ScenarioNeeds Needs { get; init; }

    /// <summary>The cause that the diagnosis should name; null if there are no packets to diagnose.</summary>
    public required Cause? ExpectedCause { get; init; }

    /// <summary>What it shows.</summary>
    public required string Summary { get; init; }

    /// <summary>What it does on this machine while it is played. All of it is gone afterwards.</summary>
    public required string Effect { get; init; }

    /// <summary>What is missing here, and how to get it; null if it can be played.</summary>
    public required string? Missing { get; init; }

    /// <summary>Describes a scenario, for this process on this machine.</summary>
    internal static ScenarioInfo Of(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return new ScenarioInfo
        {
            Name = scenario.Name,
            Needs = scenario.Needs,
            ExpectedCause = scenario.ExpectedCause,
            Summary = scenario.Summary,
            Effect = scenario.Effect,
            Missing = ScenarioCatalog.Missing(scenario),
        };
    }

    /// <summary>By name.</summary>
    public int CompareTo(ScenarioInfo? other) => other is null ? 1 : string.CompareOrdinal(Name, other.Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
