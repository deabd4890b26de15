using System.Buffers;
using System.Globalization;
using System.Text;

namespace BrokenPipeTools.Reports;

/// <summary>
/// Makes text safe for a terminal. The name of a file or an interface, and everything that comes from a capture, a peer or a name server, may contain
/// any character: escape sequences that move the cursor or rename the window, line ends that forge a line, and bidirectional controls that reverse
/// the order of the following text. Everything that is displayed passes through here; records, CSV and JSON contain the unchanged text.
/// </summary>
internal static class DisplayText
{
    /// <summary>
    /// Replaces every invisible character of a text by an escape: \x1b, \u202e or \u{e0001}. These are the control characters (C0, DEL,
    /// C1), format characters (bidirectional controls, zero-width characters, byte order marks, tags), the line and paragraph separators, and halves
    /// of surrogate pairs. Returns the same string if it has none, and an empty one for null.
    /// </summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        int first = FindInvisible(text, 0, out int length);
        if (first < 0)
            return text;
        StringBuilder shown = new(text.Length + 16);
        int from = 0;
        for (int at = first; at >= 0; at = FindInvisible(text, from, out length))
        {
            shown.Append(text, from, at - from).Append(Escape(text, at, length));
            from = at + length;
        }

        return shown.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>Finds the next character that must be escaped. Returns -1 if there is none.</summary>
    private static int FindInvisible(string text, int from, out int length)
    {
        for (int at = from; at < text.Length; at += length)
        {
            OperationStatus status = Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out length);
            if (status != OperationStatus.Done || IsInvisible(rune))
                return at;
        }

        length = 0;
        return -1;
    }

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Escape(string text, int at, int length) => (length, text[at]) switch
    {
        (1, var value and <= '\xFF') => $@"\x{(int)value:x2}",
        (1, var value) => $@"\u{(int)value:x4}",
        _ => $@"\u{{{char.ConvertToUtf32(text, at):x}}}",
    };
}
