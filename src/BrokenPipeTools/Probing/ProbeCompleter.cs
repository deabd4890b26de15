using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using BrokenPipeTools.Probes;

namespace BrokenPipeTools.Probing;

/// <summary>Completes the names of probes, each with its sentence as the tooltip, which an enum alone does not have.</summary>
public sealed class ProbeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern wanted = new((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        foreach (TeardownProbeSummary probe in TeardownProbes.All)
        {
            string name = probe.Probe.ToString();
            if (wanted.IsMatch(name))
                yield return new CompletionResult(name, name, CompletionResultType.ParameterValue, probe.Summary);
        }
    }
}
