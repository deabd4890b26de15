namespace BrokenPipeTools.Cli;

/// <summary>
/// What people read in a terminal stays in its line and gives the terminal no orders: names of files and interfaces, and what peers
/// and systems say, may hold any character. CSV and JSON keep them as they are, or escaped.
/// </summary>
internal static class OneLine
{
    /// <summary>The text with a space for every control character (Unicode category Cc).</summary>
    public static string Of(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
