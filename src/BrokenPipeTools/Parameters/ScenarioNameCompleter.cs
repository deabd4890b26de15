using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes names of scenarios. The tooltip is the summary of the scenario, and the privilege or command that is missing on this machine.</summary>
public sealed class ScenarioNameCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => ScenarioCatalog.All.Select(scenario => (scenario.Name, Tooltip(scenario)));

    private static string Tooltip(Scenario scenario) =>
        scenario.Missing() is { } missing ? $"{scenario.Summary} ({missing})" : scenario.Summary;
}
