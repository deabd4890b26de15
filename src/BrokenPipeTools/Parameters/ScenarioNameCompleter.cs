using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes names of scenarios; the tooltip has the summary of each, and the privilege or command that is missing here.</summary>
public sealed class ScenarioNameCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => ScenarioCatalog.All.Select(scenario => (scenario.Name, Tooltip(scenario)));

    private static string Tooltip(Scenario scenario) =>
        ScenarioCatalog.Missing(scenario) is { } missing ? $"{scenario.Summary} ({missing})" : scenario.Summary;
}
