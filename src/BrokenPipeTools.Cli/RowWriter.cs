using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BrokenPipeTools.Cli;

/// <summary>
/// Prints records of any kind in one of the formats, each as soon as it is given. For the millions of records of a capture there is
/// <see cref="RecordWriter"/>, which makes no strings.
/// </summary>
internal sealed class RowWriter<T>(OutputFormat format, TextWriter output, IReadOnlyList<RowColumn<T>> columns)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // the output is a file or a terminal, never a page
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly RowColumn<T>[] _table = [.. columns.Where(c => c.Width > 0)];
    private readonly int _longestName = columns.Max(c => c.Name.Length);

    /// <summary>Writes the heading, where the format has one.</summary>
    public void Begin()
    {
        if (format == OutputFormat.Csv)
            WriteLine(string.Join(',', columns.Select(c => c.Name)));
        else if (format == OutputFormat.Table)
            WriteLine(TableLine(c => c.Title ?? c.Name));
    }

    /// <summary>Writes one record.</summary>
    public void Write(T record)
    {
        switch (format)
        {
            case OutputFormat.Csv:
                WriteLine(string.Join(',', columns.Select(c => Quoted(c.Text(record)))));
                break;
            case OutputFormat.Json:
                WriteLine(JsonSerializer.Serialize(columns.ToDictionary(c => c.Name, c => c.Value(record)), Json));
                break;
            case OutputFormat.List:
                foreach (RowColumn<T> column in columns)
                    WriteLine($"{column.Name.PadRight(_longestName)} : {column.Line(record)}");
                WriteLine("");
                break;
            default:
                WriteLine(TableLine(c => c.Cell(record)));
                break;
        }
    }

    /// <summary>RFC 4180.</summary>
    private static string Quoted(string value) =>
        value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private string TableLine(Func<RowColumn<T>, string> cell) =>
        string.Join(' ', _table.Select(c => c.Right ? cell(c).PadLeft(c.Width) : cell(c).PadRight(c.Width))).TrimEnd();

    private void WriteLine(string line)
    {
        output.Write(line);
        output.Write('\n');
    }
}
