using System.Net;
using System.Text;

namespace BrokenPipeTools.Capture.Text;

/// <summary>Removes from a line the text that mail programs, web pages and terminals have added.</summary>
internal static class PastedText
{
    private const char Escape = '\x1B';
    private const char ByteOrderMark = '\uFEFF';
    private const char NoBreakSpace = '\u00A0';

    /// <summary>
    /// Returns the line without quotation marks of mail (<c>&gt; </c>), HTML entities, color codes and control characters. Its indentation is kept.
    /// </summary>
    public static string Clean(string line)
    {
        if (line.Contains('&', StringComparison.Ordinal))
            line = WebUtility.HtmlDecode(WebUtility.HtmlDecode(line)); // some pages escape twice
        if (line.AsSpan().IndexOfAny(Escape, NoBreakSpace) >= 0 || line.AsSpan().ContainsAnyInRange('\0', '\x08'))
            line = Plain(line);
        ReadOnlySpan<char> rest = line.AsSpan().TrimStart(ByteOrderMark).TrimEnd();
        while (Unquote(rest, out ReadOnlySpan<char> inner))
            rest = inner;
        return rest.Length == line.Length ? line : rest.ToString();
    }

    /// <summary>Returns the width of the white space at the start of a line; a tab counts as 8.</summary>
    public static int Indentation(string line)
    {
        int width = 0;
        foreach (char c in line)
        {
            if (c is not (' ' or '\t'))
                break;
            width += c == '\t' ? 8 : 1;
        }

        return width;
    }

    private static bool Unquote(ReadOnlySpan<char> line, out ReadOnlySpan<char> inner)
    {
        ReadOnlySpan<char> text = line.TrimStart();
        bool isQuoted = text.Length > 0 && text[0] == '>' && (text.Length == 1 || text[1] is ' ' or '>' or '\t' || char.IsAsciiDigit(text[1]) || text[1] == 'I');
        inner = isQuoted ? text[1..] : line;
        if (isQuoted && inner.Length > 0 && inner[0] == ' ')
            inner = inner[1..];
        return isQuoted;
    }

    /// <summary>Leaves out color codes (ESC [ … letter) and control characters, and replaces a no-break space by a space.</summary>
    private static string Plain(string line)
    {
        StringBuilder text = new(line.Length);
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == Escape && i + 1 < line.Length && line[i + 1] == '[')
            {
                i += 2;
                while (i < line.Length && !char.IsAsciiLetter(line[i]))
                    i++;
            }
            else if (line[i] == NoBreakSpace)
            {
                text.Append(' ');
            }
            else if (line[i] >= ' ' || line[i] == '\t')
            {
                text.Append(line[i]);
            }
        }

        return text.ToString();
    }
}
