using System.Buffers;
using System.Text;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>Escapes text for CommonMark, so that names and payload from the network cannot become headings, links or HTML.</summary>
internal static class MarkdownText
{
    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdef.:[]");

    /// <summary>
    /// Escapes every character of a text that may have a meaning in Markdown. The text is a paragraph, or the cell of a table if it has no quotation
    /// marks. Quoted text comes from the network and becomes code, because GitHub makes links of www., http://, #12 and GH-12 even if they are
    /// escaped.
    /// </summary>
    public static string Of(string? text)
    {
        StringBuilder escaped = new();
        string[] parts = DisplayText.Of(text).Split('"');
        for (int i = 0; i < parts.Length; i++)
        {
            bool isQuoted = i % 2 == 1 && i < parts.Length - 1;
            if (i > 0)
                escaped.Append('"');
            escaped.Append(isQuoted && parts[i].Length > 0 ? Code(parts[i]) : Escape(parts[i]));
        }

        return escaped.ToString();
    }

    /// <summary>
    /// Returns an address unchanged, and a name as code; both can be used in a cell of a table. A vertical bar would end even code in a cell, so a
    /// name with one is escaped.
    /// </summary>
    public static string Host(string endpoint) => endpoint.AsSpan().ContainsAnyExcept(AddressCharacters) && !endpoint.Contains('|', StringComparison.Ordinal) ? Code(endpoint) : Escape(endpoint);

    private static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char c in text)
        {
            if (IsSpecial(c))
                escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.Replace("://", "\\://").Replace("www.", "www\\.").ToString();
    }

    /// <summary>Returns a text as a line of code.</summary>
    public static string Code(string? text)
    {
        string shown = DisplayText.Of(text);
        string fence = Fence(shown, "`");
        return shown.Length == 0 ? "" : fence.Length == 1 && shown[0] != '`' && shown[^1] != '`' ? $"`{shown}`" : $"{fence} {shown} {fence}";
    }

    /// <summary>Returns lines as a block of code.</summary>
    public static string Block(IEnumerable<string> lines)
    {
        string text = string.Join('\n', lines.Select(DisplayText.Of));
        string fence = Fence(text, "```");
        return $"{fence}text\n{text}\n{fence}\n";
    }

    /// <summary>Returns the mark that begins and ends code: one grave accent more than the longest run of them in the text.</summary>
    private static string Fence(string text, string least)
    {
        string fence = least;
        while (text.Contains(fence, StringComparison.Ordinal))
            fence += '`';
        return fence;
    }

    // A dot, a hyphen or a parenthesis within a word is not escaped: it has no meaning there, and addresses are easier to read without a backslash.
    private static bool IsSpecial(char c) => c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '#' or '|' or '~' or '&' or '@' or '!';
}
