using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>Writes one property per line, the result first, and an empty line between records.</summary>
internal sealed class ListRecordWriter(Stream output) : RecordWriter(output)
{
    private static readonly int Width = ReadingOrder.ConnectionClose.Max(name => name.Length);

    private static readonly Dictionary<string, RecordColumn> Columns = RecordColumn.All.ToDictionary(column => column.Name);

    protected override void Write(ConnectionClose record)
    {
        foreach (string name in ReadingOrder.ConnectionClose)
        {
            if (Columns.TryGetValue(name, out RecordColumn? column))
                WriteColumn(column, record);
            else
                WriteDetail(name, DetailOf(record, name));
        }

        Text.Append((byte)'\n');
    }

    private static IEnumerable<string> DetailOf(ConnectionClose record, string name) => name switch
    {
        nameof(ConnectionClose.Errors) => record.Errors.Select(side => side.ToString()),
        nameof(ConnectionClose.Evidence) => record.Evidence.Select(evidence => evidence.ToString()),
        nameof(ConnectionClose.Alternatives) => record.Alternatives.Select(other => other.ToString()),
        nameof(ConnectionClose.Events) => MarkedLadder.Of(record),
        _ => throw new InvalidOperationException($"no such property: {name}"),
    };

    private void WriteColumn(RecordColumn column, ConnectionClose record)
    {
        Text.Append(column.Name.PadRight(Width));
        Text.Append(" : "u8);
        int start = Text.Length;
        column.Write(record, Text);
        if (column.MayNeedQuotes)
            Text.Rewrite(start, DisplayText.Of);
        Text.Append((byte)'\n');
    }

    private void WriteDetail(string label, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            Text.Append(label.PadRight(Width));
            Text.Append(" : "u8);
            Text.Append(DisplayText.Of(line));
            Text.Append((byte)'\n');
            label = "";
        }
    }
}
