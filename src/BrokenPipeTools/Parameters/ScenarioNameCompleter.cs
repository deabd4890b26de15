using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;

namespace BrokenPipeTools.Parameters;

/// <summary>The scenarios; the tooltip says what each shows, and what is missing here to play it.</summary>
public sealed class ScenarioNameCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => ScenarioCatalog.All.Select(scenario => (scenario.Name, Tooltip(scenario)));

    private static string Tooltip(Scenario scenario) =>
        scenario.Missing() is { } missing ? $"{scenario.Summary} ({missing})" : scenario.Summary;
}
