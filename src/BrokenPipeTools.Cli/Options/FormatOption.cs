using System.CommandLine;
using System.CommandLine.Parsing;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Cli.Options;

/// <summary>The option <c>--format</c>. Every command that prints records has it.</summary>
internal static class FormatOption
{
    // The accepted names, all in lower case. Without this list, the number 9 would be accepted as a format.
    private static readonly Dictionary<string, OutputFormat> Formats =
        Enum.GetValues<OutputFormat>().ToDictionary(format => format.ToString().ToLowerInvariant(), StringComparer.OrdinalIgnoreCase);

    public static Option<OutputFormat> Create()
    {
        Option<OutputFormat> option = new("--format", "-f")
        {
            Description = "table, list, json (one object per line) or csv [default: table]. Table and list show control characters as \\x1b; json and csv have the text unchanged: import csv into a spreadsheet as text, or a field that begins with = becomes a formula",
            HelpName = "FORMAT",
            CustomParser = Parse,
        };
        option.CompletionSources.Clear(); // the parser's own completions are the names of the enum
        option.CompletionSources.Add([.. Formats.Keys]);
        return option;
    }

    private static OutputFormat Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!Formats.TryGetValue(text, out OutputFormat format))
            result.AddError($"--format: {SimilarName.Describe("format", text, Formats.Keys)}");
        return format;
    }
}
