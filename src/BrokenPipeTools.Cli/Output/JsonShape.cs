using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Cli.Output;

/// <summary>Writes records as JSON: names unchanged, enums by name, addresses as text, no property left out.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, Converters = [typeof(AddressConverter), typeof(SecondsConverter)])]
[JsonSerializable(typeof(ConnectionClose))]
[JsonSerializable(typeof(ConnectionComparison))]
[JsonSerializable(typeof(PcapInterface))]
[JsonSerializable(typeof(ScenarioInfo))]
[JsonSerializable(typeof(ScenarioResult))]
[JsonSerializable(typeof(ServedConnection))]
[JsonSerializable(typeof(ServerBehaviorSummary))]
[JsonSerializable(typeof(SummaryLine))]
[JsonSerializable(typeof(TcpAbortCounter))]
[JsonSerializable(typeof(TcpSocket))]
[JsonSerializable(typeof(TeardownTest))]
[JsonSerializable(typeof(TracedFailure))]
internal sealed partial class JsonShape : JsonSerializerContext
{
    static JsonShape()
    {
        // '×' and '…' in texts are not escaped; the output is a file or a terminal, never a web page.
        Default = new JsonShape(new JsonSerializerOptions(s_defaultOptions) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
