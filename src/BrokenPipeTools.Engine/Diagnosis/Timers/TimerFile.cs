using System.Text;

namespace BrokenPipeTools.Diagnosis.Timers;

/// <summary>
/// Reads a table of timers as CSV (RFC 4180): a line of column names, then one timer per line. Blank lines and lines that begin with # are skipped. A
/// field that contains a comma is in quotation marks; no field contains a line break.
/// </summary>
internal static class TimerFile
{
    /// <summary>Bytes. A longer file is not a table of timers; it may be a capture or a device.</summary>
    private const int MaxLength = 1 << 20;

    /// <summary>Reads the timers of a file.</summary>
    /// <exception cref="TimerFileException">The file cannot be read, or is not a table of timers.</exception>
    public static IReadOnlyList<KnownTimer> Read(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Parse(Text(file, path), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TimerFileException(path, "no such file", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not TimerFileException)
        {
            throw new TimerFileException(path, Directory.Exists(path) ? "a directory" : e is IOException ? e.Message : "permission denied; this user cannot read it", e);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new TimerFileException(path, "not a valid file name", e);
        }
    }

    /// <summary>Reads the timers of a text. The given <paramref name="name"/> appears in error messages.</summary>
    /// <exception cref="TimerFileException">The text is not a table of timers.</exception>
    public static IReadOnlyList<KnownTimer> Parse(string text, string name)
    {
        List<KnownTimer> timers = [];
        TimerColumns? columns = null;
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string row = line.TrimEnd('\r');
            if (string.IsNullOrWhiteSpace(row) || row.StartsWith('#'))
                continue;
            try
            {
                IReadOnlyList<string> fields = Fields(row);
                if (columns is null)
                    columns = new TimerColumns(fields);
                else
                    timers.Add(columns.Read(fields));
            }
            catch (FormatException e)
            {
                throw new TimerFileException(name, number, e.Message, e);
            }
        }

        return columns is null ? throw new TimerFileException(name, $"the table is empty; the first line must be {TimerColumns.Header}") : timers;
    }

    private static string Text(Stream stream, string path)
    {
        UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        using StreamReader reader = new(stream, strict, detectEncodingFromByteOrderMarks: true);
        char[] text = new char[MaxLength + 1];
        try
        {
            int length = reader.ReadBlock(text, 0, text.Length);
            return length <= MaxLength ? new string(text, 0, length) : throw new TimerFileException(path, "the file is larger than 1 MiB, the limit for a table of timers");
        }
        catch (DecoderFallbackException e)
        {
            throw new TimerFileException(path, "not UTF-8 text", e);
        }
    }

    private static List<string> Fields(string row)
    {
        List<string> fields = [];
        for (int at = 0; at <= row.Length;)
        {
            string field = at < row.Length && row[at] == '"' ? Quoted(row, ref at) : Plain(row, ref at);
            if (field.Any(char.IsControl))
                throw new FormatException("a control character");
            fields.Add(field.Trim());
            at++; // skips the comma
        }

        return fields;
    }

    private static string Plain(string row, ref int at)
    {
        int end = row.IndexOf(',', at);
        string field = row[at..(end < 0 ? row.Length : end)];
        at += field.Length;
        return field.Contains('"', StringComparison.Ordinal) ? throw new FormatException("a quotation mark within a field: put the whole field in quotation marks, and double those in it") : field;
    }

    /// <summary>Reads a field in quotation marks. Two quotation marks inside the field stand for one.</summary>
    private static string Quoted(string row, ref int at)
    {
        StringBuilder field = new();
        for (at++; at < row.Length; at++)
        {
            if (row[at] != '"')
            {
                field.Append(row[at]);
                continue;
            }

            at++;
            if (at == row.Length || row[at] == ',')
                return field.ToString();
            if (row[at] != '"')
                throw new FormatException("text after a closing quotation mark");
            field.Append('"');
        }

        throw new FormatException("a quotation mark that is not closed");
    }
}
