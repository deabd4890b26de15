using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes the names of scenarios; the tooltip says what each shows, and what is missing here to play it.</summary>
public sealed class ScenarioNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern begins = new(wordToComplete.Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return ScenarioCatalog.All.Where(scenario => begins.IsMatch(scenario.Name)).Select(Complete);
    }

    private static CompletionResult Complete(Scenario scenario)
    {
        string tooltip = ScenarioCatalog.Missing(scenario) is { } missing ? $"{scenario.Summary} ({missing})" : scenario.Summary;
        return new CompletionResult(scenario.Name, scenario.Name, CompletionResultType.ParameterValue, tooltip);
    }
}
