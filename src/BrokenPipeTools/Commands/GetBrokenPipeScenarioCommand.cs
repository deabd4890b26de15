using System.Management.Automation;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Parameters;

namespace BrokenPipeTools.Commands;

/// <summary>Lists the scenarios, with a <see cref="ScenarioInfo"/> for each.</summary>
[Cmdlet(VerbsCommon.Get, "BrokenPipeScenario")]
[OutputType(typeof(ScenarioInfo))]
public sealed class GetBrokenPipeScenarioCommand : DisplayCmdlet
{
    /// <summary>The names of scenarios, with or without wildcards; all scenarios if it is not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ScenarioNameCompleter))]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Scenario scenario in ScenarioNames.Resolve(Name, ReportUnlessWildcard))
            WriteObject(ScenarioInfo.Of(scenario));
    }

    /// <summary>Reports a name that no scenario has. A wildcard without a match is not an error, as for files and processes.</summary>
    private void ReportUnlessWildcard(string name)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
            WriteError(ErrorRecords.ScenarioNotFound(name));
    }
}
