using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Serving;

/// <summary>Completes the names of behaviours, each with its sentence as the tooltip, which an enum alone does not have.</summary>
public sealed class BehaviorCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern wanted = new((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        foreach (ServerBehaviorSummary behavior in ServerBehaviors.All)
        {
            string name = behavior.Behavior.ToString();
            if (wanted.IsMatch(name))
                yield return new CompletionResult(name, name, CompletionResultType.ParameterValue, behavior.Summary);
        }
    }
}
