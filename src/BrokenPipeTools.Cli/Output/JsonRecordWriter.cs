using System.Text.Json;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>Writes JSON Lines: one object per line with all properties in the order of the record, including details.</summary>
internal sealed class JsonRecordWriter(Stream output) : RecordWriter(output)
{
    protected override void Write(ConnectionClose record)
    {
        Text.Append(JsonSerializer.SerializeToUtf8Bytes(record, JsonShape.Default.ConnectionClose));
        Text.Append((byte)'\n');
    }
}
