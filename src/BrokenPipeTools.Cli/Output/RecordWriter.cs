using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The output formats.</summary>
internal enum OutputFormat
{
    /// <summary>One line per connection, with the most important columns.</summary>
    Table,

    /// <summary>All properties, one per line, with the ladder.</summary>
    List,

    /// <summary>One object per line, with every property.</summary>
    Json,

    /// <summary>Every flat property, with a header.</summary>
    Csv,
}

/// <summary>Prints records in one format.</summary>
internal abstract class RecordWriter(Stream output) : IRecordWriter
{
    private readonly Utf8Text _text = new();

    protected Utf8Text Text => _text;

    public static RecordWriter Create(OutputFormat format, Stream output) => format switch
    {
        OutputFormat.Csv => new CsvRecordWriter(output),
        OutputFormat.Json => new JsonRecordWriter(output),
        OutputFormat.List => new ListRecordWriter(output),
        _ => new TableRecordWriter(output),
    };

    /// <inheritdoc/>
    public virtual void Begin()
    {
    }

    /// <inheritdoc/>
    public virtual void Write(ReadOnlySpan<ConnectionClose> records)
    {
        foreach (ConnectionClose record in records)
            Write(record);
    }

    /// <summary>Writes one record.</summary>
    protected abstract void Write(ConnectionClose record);

    /// <inheritdoc/>
    public void Flush()
    {
        StandardOutput.Write(output, _text.Bytes);
        _text.Clear();
    }
}
