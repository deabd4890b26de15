using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>A property a line, then the details, the ladder last; an empty line between records.</summary>
internal sealed class ListRecordWriter(Stream output) : RecordWriter(output)
{
    private static readonly int Width = RecordColumn.All.Max(c => c.Name.Length);

    public override void Write(ConnectionClose record)
    {
        foreach (RecordColumn column in RecordColumn.All)
        {
            Text.Append(column.Name.PadRight(Width));
            Text.Append(" : "u8);
            int start = Text.Length;
            column.Write(record, Text);
            if (column.MayNeedQuotes)
                Text.Rewrite(start, DisplayText.Of);
            Text.Append((byte)'\n');
        }

        WriteDetail(nameof(ConnectionClose.Errors), record.Errors.Select(side => side.ToString()));
        WriteDetail(nameof(ConnectionClose.Evidence), record.Evidence.Select(evidence => evidence.ToString()));
        WriteDetail(nameof(ConnectionClose.Alternatives), record.Alternatives.Select(other => other.ToString()));
        WriteDetail(nameof(ConnectionClose.Events), MarkedLadder.Of(record));
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
