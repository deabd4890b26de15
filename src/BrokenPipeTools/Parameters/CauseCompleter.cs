using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes the names of causes, each with its sentence as the tooltip, which an enum alone does not have.</summary>
public sealed class CauseCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern begins = new((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        foreach (CauseSummary one in CauseSummary.All)
        {
            string name = one.Cause.ToString();
            if (begins.IsMatch(name))
                yield return new CompletionResult(name, name, CompletionResultType.ParameterValue, one.Summary);
        }
    }
}
