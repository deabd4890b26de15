using System.Globalization;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// Finds fields that are printed as a keyword and a number. Between the two there may be spaces, or nothing if a line break has replaced the space.
/// </summary>
internal static class TraceWords
{
    /// <summary>
    /// Finds a keyword that is a separate word, and returns the text after it without leading spaces. Returns false if the keyword is missing.
    /// </summary>
    public static bool TryAfter(ReadOnlySpan<char> text, string word, out ReadOnlySpan<char> rest)
    {
        for (int from = 0; from < text.Length;)
        {
            int at = text[from..].IndexOf(word, StringComparison.Ordinal);
            if (at < 0)
                break;
            at += from;
            if (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1]))
            {
                rest = text[(at + word.Length)..].TrimStart();
                return true;
            }

            from = at + word.Length;
        }

        rest = default;
        return false;
    }

    /// <summary>Reads the number after a keyword. Returns false if there is no number, or it has more than 32 bits.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, string word, out uint number)
    {
        number = 0;
        while (TryAfter(text, word, out ReadOnlySpan<char> rest))
        {
            if (rest.Length > 0 && char.IsAsciiDigit(rest[0]))
                return TryLeading(rest, out number, out _);
            text = rest;
        }

        return false;
    }

    /// <summary>Reads the number at the beginning of a text, and returns the text after it.</summary>
    public static bool TryLeading(ReadOnlySpan<char> text, out uint number, out ReadOnlySpan<char> rest)
    {
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            digits++;
        rest = text[digits..];
        return uint.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Reads the hexadecimal number (0x…) after a keyword.</summary>
    public static bool TryHex(ReadOnlySpan<char> text, string word, out uint number)
    {
        number = 0;
        if (!TryAfter(text, word, out ReadOnlySpan<char> rest) || !rest.StartsWith("0x", StringComparison.Ordinal))
            return false;
        rest = rest[2..];
        int digits = 0;
        while (digits < rest.Length && char.IsAsciiHexDigit(rest[digits]))
            digits++;
        return uint.TryParse(rest[..digits], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>
    /// Returns the content of the brackets at the beginning of a text, including nested brackets. Returns all of the text if the bracket is not
    /// closed.
    /// </summary>
    public static ReadOnlySpan<char> Bracketed(ReadOnlySpan<char> text, char open, char close)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == open)
                depth++;
            else if (text[i] == close && --depth == 0)
                return text[1..i];
        }

        return text.Length == 0 ? text : text[1..];
    }

    /// <summary>Removes the next word from a text, and returns it; an empty text at the end.</summary>
    public static ReadOnlySpan<char> NextWord(ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        int end = text.IndexOfAny(' ', '\t');
        ReadOnlySpan<char> word = end < 0 ? text : text[..end];
        text = text[word.Length..];
        return word;
    }
}
