using System.Buffers;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>RFC 4180, with a header; the same columns as PowerShell's Export-Csv makes of the flat properties.</summary>
internal sealed class CsvRecordWriter(Stream output) : RecordWriter(output)
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);

    public override void Begin()
    {
        Text.Append(string.Join(',', RecordColumn.All.Select(c => c.Name)));
        Text.Append((byte)'\n');
    }

    public override void Write(ConnectionClose record)
    {
        bool first = true;
        foreach (RecordColumn column in RecordColumn.All)
        {
            if (!first)
                Text.Append((byte)',');
            first = false;
            int start = Text.Length;
            column.Write(record, Text);
            if (column.IsText && Text.Bytes[start..].ContainsAny(Special))
                Text.Rewrite(start, value => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        }

        Text.Append((byte)'\n');
    }
}
