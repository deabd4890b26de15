using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>A property a line, then the ladder; an empty line between records.</summary>
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
                Text.Rewrite(start, OneLine.Of);
            Text.Append((byte)'\n');
        }

        string label = nameof(ConnectionClose.Events);
        foreach (CloseEvent rung in record.Events)
        {
            Text.Append(label.PadRight(Width));
            Text.Append(" : "u8);
            Text.Append(rung.ToString());
            Text.Append((byte)'\n');
            label = "";
        }

        Text.Append((byte)'\n');
    }
}
