using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace BrokenPipeTools.Cli.Options;

/// <summary>Creates options whose value is an ISO 8601 time. A time without a zone is UTC, like all printed times.</summary>
internal static partial class TimeOption
{
    private const string Forms = "2026-11-21, 2026-11-21T09:07:00, 2026-11-21T09:07:00.25Z or 2026-11-21T10:07:00+01:00";

    public static Option<DateTime?> Create(string name, string description) => new(name)
    {
        HelpName = "TIME",
        Description = description,
        CustomParser = result => Read(name, result),
    };

    private static DateTime? Read(string name, ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (TryRead(text) is { } time)
            return time;
        result.AddError($"{name}: '{text}' is not a time; write {Forms} (UTC without a zone)");
        return null;
    }

    /// <summary>Reads a time. Returns null for anything else.</summary>
    public static DateTime? TryRead(string? text) =>
        text is not null && Iso().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time.UtcDateTime : null;

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$")]
    private static partial Regex Iso();
}
