using System.CommandLine;
using System.CommandLine.Completions;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>Completes a command line: commands, options, and the values of options that have a fixed list.</summary>
internal static class Completions
{
    /// <summary>Finds all completions of the last word of a text.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="text">The command line up to the cursor, including the name of the program.</param>
    public static IEnumerable<(string Text, string Description)> Find(RootCommand root, string text)
    {
        string words = AfterProgram(text);
        string word = words[(words.LastIndexOf(' ') + 1)..];
        string prefix = "";
        if (word.StartsWith("--", StringComparison.Ordinal) && word.IndexOf('=', StringComparison.Ordinal) is >= 0 and int end)
        {
            // The parser cannot complete "--format=j", so it is completed like "--format j".
            prefix = word[..(end + 1)];
            words = $"{words[..^word.Length]}{word[..end]} {word[(end + 1)..]}";
            word = word[(end + 1)..];
        }

        return root.Parse(words, CommandTree.Parsing).GetCompletions(words.Length)
            .Where(item => item.Label.StartsWith(word, StringComparison.OrdinalIgnoreCase) && IsWanted(item.Label, word))
            .Select(item => (prefix + item.Label, DisplayText.Of(item.Detail)))
            .Distinct();
    }

    /// <summary>Returns whether a completion is offered. Options are offered only after a dash; without one, file names are more useful.</summary>
    private static bool IsWanted(string label, string word) => label is not ("-?" or "/?" or "/h") && (!label.StartsWith('-') || word.StartsWith('-'));

    private static string AfterProgram(string text)
    {
        string trimmed = text.TrimStart();
        int end = trimmed.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? "" : trimmed[(end + 1)..];
    }
}
