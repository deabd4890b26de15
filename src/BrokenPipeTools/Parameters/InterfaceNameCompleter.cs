using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using BrokenPipeTools.Bridging;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Formatting;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes names of interfaces; the tooltip has the addresses and the description of each.</summary>
public sealed class InterfaceNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? "").Trim('\'', '"');
        WildcardPattern pattern = new(word + "*", WildcardOptions.IgnoreCase);
        foreach (PcapInterface found in Interfaces())
        {
            if (pattern.IsMatch(found.Name) || (word.Length > 0 && found.Description.Contains(word, StringComparison.OrdinalIgnoreCase)))
                yield return new CompletionResult(Quoted(found.Name), FormatText.Text(found.Name), CompletionResultType.ParameterValue, FormatText.InterfaceTip(found));
        }
    }

    /// <summary>Lists the interfaces; none if the library is missing, because Tab must not cause an error.</summary>
    private static IReadOnlyList<PcapInterface> Interfaces()
    {
        try
        {
            return SessionCaptureLibrary.Instance.GetInterfaces();
        }
        catch (LiveCaptureException)
        {
            return [];
        }
    }

    /// <summary>Quotes a name: those of Windows contain braces.</summary>
    private static string Quoted(string name) =>
        name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.') ? name : $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";
}
