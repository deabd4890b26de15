using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes words, each with a sentence as its tooltip. PowerShell's own completion of an enum has no tooltips.</summary>
public abstract class WordCompleter : IArgumentCompleter
{
    /// <summary>The possible words, in display order.</summary>
    protected abstract IEnumerable<(string Word, string Tooltip)> Words { get; }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern begins = new((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return Words.Where(one => begins.IsMatch(one.Word)).Select(one => new CompletionResult(Quoted(one.Word), one.Word, CompletionResultType.ParameterValue, one.Tooltip));
    }

    /// <summary>Quotes a word that PowerShell would otherwise read as several words or as a parameter, such as the program "tmux: server".</summary>
    private static string Quoted(string word) =>
        word[0] != '-' && word.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '%') ? word : $"'{CodeGeneration.EscapeSingleQuotedStringContent(word)}'";
}
