using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Lab;

/// <summary>The data of a scenario before its run.</summary>
public sealed record ScenarioInfo : INaturalOrder<ScenarioInfo>
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it can be run here and now, by this user.</summary>
    public bool CanRun => Missing is null;

    /// <summary>The privileges and commands that it needs.</summary>
    public required ScenarioNeeds Needs { get; init; }

    /// <summary>The cause that the diagnosis should name; null if there are no packets to diagnose.</summary>
    public required Cause? ExpectedCause { get; init; }

    /// <summary>The meaning of the scenario, in a few words.</summary>
    public required string Summary { get; init; }

    /// <summary>The effect on this machine during the run. No change remains after the run.</summary>
    public required string Effect { get; init; }

    /// <summary>The missing privilege or command, with the remedy; null if it can run.</summary>
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
            Missing = scenario.Missing(),
        };
    }

    /// <summary>By name.</summary>
    public int CompareTo(ScenarioInfo? other) => other is null ? 1 : string.CompareOrdinal(Name, other.Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
