using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BrokenPipeTools.Cli;

/// <summary>A column of a table for people. The last one has width 0: it takes what it needs.</summary>
internal sealed record TableColumn<T>(string Title, int Width, Func<T, string> Value, bool Right = false);

/// <summary>What there is to know of a type of record to print it in any format.</summary>
/// <param name="Table">The columns a person wants.</param>
/// <param name="Json">How it is written as JSON.</param>
/// <param name="Details">For the list: what follows the flat properties, label and lines.</param>
internal sealed record RecordShape<T>(IReadOnlyList<TableColumn<T>> Table, JsonTypeInfo<T> Json, Func<T, IEnumerable<(string Label, IEnumerable<string> Lines)>> Details);

/// <summary>
/// Prints records of any type, each as soon as it is there: for those of which there are few. Connections, of which there are
/// millions, have <see cref="RecordWriter"/>.
/// </summary>
internal sealed class ObjectWriter<T>(OutputFormat format, Stream output, RecordShape<T> shape)
{
    private static readonly char[] NeedQuotes = [',', '"', '\r', '\n'];

    private bool _begun;

    /// <summary>The flat properties, as PowerShell's Export-Csv has them.</summary>
    public static IReadOnlyList<PropertyInfo> Flat { get; } =
        [.. typeof(T).GetProperties().Where(p => p.PropertyType == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(p.PropertyType))];

    /// <exception cref="OutputClosedException">The reader of the output has gone away.</exception>
    public void Write(T record)
    {
        string text = format switch
        {
            OutputFormat.Json => JsonSerializer.Serialize(record, shape.Json) + "\n",
            OutputFormat.Csv => Head(string.Join(',', Flat.Select(p => p.Name))) + string.Join(',', Flat.Select(p => Quote(Text(p.GetValue(record))))) + "\n",
            OutputFormat.List => List(record),
            _ => Head(Row(c => c.Title)) + Row(c => c.Value(record)) + "\n",
        };
        try
        {
            output.Write(Encoding.UTF8.GetBytes(text));
            output.Flush();
        }
        catch (IOException closed)
        {
            throw new OutputClosedException(closed);
        }
    }

    private string Head(string head)
    {
        string line = _begun ? "" : head + "\n";
        _begun = true;
        return line;
    }

    private string Row(Func<TableColumn<T>, string> cell) =>
        string.Join(' ', shape.Table.Select(c => c.Right ? cell(c).PadLeft(c.Width) : cell(c).PadRight(c.Width))).TrimEnd();

    private string List(T record)
    {
        (string Label, IEnumerable<string> Lines)[] details = [.. shape.Details(record)];
        int width = Flat.Select(p => p.Name).Concat(details.Select(d => d.Label)).Max(label => label.Length);
        StringBuilder text = new();
        foreach (PropertyInfo property in Flat)
            text.Append(CultureInfo.InvariantCulture, $"{property.Name.PadRight(width)} : {Text(property.GetValue(record))}\n");
        foreach ((string label, IEnumerable<string> lines) in details)
        {
            foreach ((int index, string line) in lines.Index())
                text.Append(CultureInfo.InvariantCulture, $"{(index == 0 ? label : "").PadRight(width)} : {line}\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Text(object? value) => value is DateTime time
        ? time.ToString("O", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Quote(string value) =>
        value.IndexOfAny(NeedQuotes) < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
