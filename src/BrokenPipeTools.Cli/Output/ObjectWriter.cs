using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// Prints records of any type, each as soon as it is made. It is for types with few records; connections of a capture, of which there may be
/// millions, use <see cref="RecordWriter"/>.
/// </summary>
/// <param name="format">The output format.</param>
/// <param name="output">The output stream.</param>
/// <param name="shape">The columns and properties.</param>
/// <param name="width">The width of the terminal in columns; null for that of standard output.</param>
internal sealed class ObjectWriter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(OutputFormat format, Stream output, RecordShape<T> shape, int? width = null)
{
    private readonly TableLayout<T> _layout = new(shape.Table, width ?? Terminal.WidthOfOutput());
    private readonly Utf8Text _text = new();
    private bool _begun;

    /// <summary>Writes the heading, if the format has one, without waiting for the first record.</summary>
    /// <exception cref="OutputClosedException">The reader of the output has closed it.</exception>
    /// <exception cref="OutputFailedException">The output cannot be written.</exception>
    public void Begin()
    {
        AppendHeading();
        Flush();
    }

    /// <inheritdoc cref="Begin"/>
    /// <summary>Writes a record; the first one under the heading.</summary>
    public void Write(T record)
    {
        AppendHeading();
        switch (format)
        {
            case OutputFormat.Json:
                _text.Append(JsonSerializer.SerializeToUtf8Bytes(record, shape.Json));
                AppendLine("");
                break;
            case OutputFormat.Csv:
                AppendLine(string.Join(',', RecordShape<T>.Flat.Select(p => CsvField.Of(Text(p.GetValue(record))))));
                break;
            case OutputFormat.List:
                AppendList(record);
                break;
            default:
                AppendLine(_layout.Format(c => DisplayText.Of(c.Value(record))));
                break;
        }

        Flush();
    }

    private void AppendHeading()
    {
        string heading = format switch
        {
            OutputFormat.Csv => string.Join(',', RecordShape<T>.Flat.Select(p => p.Name)),
            OutputFormat.Table => _layout.Format(c => c.Title),
            _ => "",
        };
        if (!_begun && heading.Length > 0)
            AppendLine(heading);
        _begun = true;
    }

    private void AppendList(T record)
    {
        Dictionary<string, IEnumerable<string>> details = (shape.Details?.Invoke(record) ?? []).ToDictionary(d => d.Label, d => d.Lines);
        string[] labels = shape.ListOrder is { } order ? [.. order] : [.. RecordShape<T>.Flat.Select(p => p.Name), .. details.Keys];
        int width = labels.Max(label => label.Length);
        foreach (string label in labels)
        {
            IEnumerable<string> lines = details.TryGetValue(label, out IEnumerable<string>? detail) ? detail : [Text(RecordShape<T>.Flat.Single(p => p.Name == label).GetValue(record))];
            foreach ((int index, string line) in lines.Index())
                AppendLine($"{(index == 0 ? label : "").PadRight(width)} : {DisplayText.Of(line)}");
        }

        AppendLine("");
    }

    private void AppendLine(string line)
    {
        _text.Append(line);
        _text.Append((byte)'\n');
    }

    private void Flush()
    {
        StandardOutput.Write(output, _text.Bytes);
        _text.Clear();
    }

    /// <summary>Returns the value as text, the same in every culture.</summary>
    private static string Text(object? value) => value switch
    {
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        double seconds => SecondsText.Of(seconds),
        IEnumerable<IPAddress> addresses => string.Join(' ', addresses),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
