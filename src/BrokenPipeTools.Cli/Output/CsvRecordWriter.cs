using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>Writes CSV (RFC 4180) with a header: the same columns that PowerShell's Export-Csv makes from the flat properties.</summary>
internal sealed class CsvRecordWriter(Stream output) : RecordWriter(output)
{
    private static readonly RecordColumn[] Columns = [.. RecordColumn.All];

    public override void Begin()
    {
        Text.Append(string.Join(',', RecordColumn.All.Select(c => c.Name)));
        Text.Append((byte)'\n');
    }

    public override void Write(ConnectionClose record)
    {
        for (int i = 0; i < Columns.Length; i++)
        {
            RecordColumn column = Columns[i];
            if (i > 0)
                Text.Append((byte)',');
            int start = Text.Length;
            column.Write(record, Text);
            if (column.MayNeedQuotes && CsvField.NeedsQuotes(Text.Bytes[start..]))
                Text.Quote(start);
        }

        Text.Append((byte)'\n');
    }
}
