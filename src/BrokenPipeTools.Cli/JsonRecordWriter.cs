using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Cli;

/// <summary>JSON Lines: an object a line, the flat properties first, then the ladder.</summary>
internal sealed class JsonRecordWriter(Stream output) : RecordWriter(output)
{
    public override void Write(ConnectionClose record)
    {
        Text.Append(JsonSerializer.SerializeToUtf8Bytes(record, JsonShape.Default.ConnectionClose));
        Text.Append((byte)'\n');
    }
}

/// <summary>How records are written as JSON: the names as they are, enums by name, nothing left out.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ConnectionClose))]
[JsonSerializable(typeof(ScenarioInfo))]
[JsonSerializable(typeof(ScenarioResult))]
internal sealed partial class JsonShape : JsonSerializerContext
{
    static JsonShape()
    {
        // '×' and '…' in texts are readable as they are; the output is a file or a terminal, never a page.
        Default = new JsonShape(new JsonSerializerOptions(s_defaultOptions) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
