using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes words with a sentence as the tooltip, which PowerShell's completion of an enum does not have.</summary>
public abstract class WordCompleter : IArgumentCompleter
{
    /// <summary>The possible words, in display order.</summary>
    protected abstract IEnumerable<(string Word, string Tooltip)> Words { get; }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern begins = new((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return Words.Where(one => begins.IsMatch(one.Word)).Select(one => new CompletionResult(one.Word, one.Word, CompletionResultType.ParameterValue, one.Tooltip));
    }
}
