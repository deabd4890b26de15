using System.CommandLine;

namespace BrokenPipeTools.Cli;

/// <summary>The option <c>--format</c>, the same for every command that prints records.</summary>
internal static class FormatOption
{
    public static Option<OutputFormat> Create()
    {
        Option<OutputFormat> option = new("--format", "-f") { Description = "table, list, json (one object per line) or csv", HelpName = "FORMAT", DefaultValueFactory = _ => OutputFormat.Table };

        // By name only: without it the number 9 would be a format, and an error would name our type.
        option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "table", "list", "json", "csv");
        return option;
    }
}
