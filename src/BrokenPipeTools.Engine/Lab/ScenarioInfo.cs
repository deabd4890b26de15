using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Lab;

/// <summary>The description of a scenario, before it is run.</summary>
public sealed record ScenarioInfo : INaturalOrder<ScenarioInfo>
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether this user can run the scenario on this machine now.</summary>
    public bool CanRun => Missing is null;

    /// <summary>The privileges and commands that it needs.</summary>
    public required ScenarioNeeds Needs { get; init; }

    /// <summary>The cause that the diagnosis should name; null if there are no packets to diagnose.</summary>
    public required Cause? ExpectedCause { get; init; }

    /// <summary>A description in one or two sentences.</summary>
    public required string Summary { get; init; }

    /// <summary>The effect on this machine during the run. No change remains after the run.</summary>
    public required string Effect { get; init; }

    /// <summary>The missing privilege or command, with the remedy; null if the scenario can run.</summary>
    public required string? Missing { get; init; }

    /// <summary>Describes a scenario as it can run in this process, on this machine.</summary>
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

    /// <summary>Compares two scenarios by name.</summary>
    public int CompareTo(ScenarioInfo? other) => other is null ? 1 : string.CompareOrdinal(Name, other.Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
