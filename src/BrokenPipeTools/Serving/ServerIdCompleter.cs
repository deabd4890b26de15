using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Serving;

/// <summary>Completes the ids of the running servers, with a description as the tooltip.</summary>
public sealed class ServerIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        foreach (FaultServer server in ServerRegistry.Running)
        {
            string id = server.Id.ToString(CultureInfo.InvariantCulture);
            if (id.StartsWith(wordToComplete ?? "", StringComparison.Ordinal))
                yield return new CompletionResult(id, id, CompletionResultType.ParameterValue, server.ToString());
        }
    }
}
