using System.Globalization;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The columns and properties of served connections, and of the behaviors of a server.</summary>
internal static class ServeShapes
{
    public static RecordShape<ServedConnection> Connection { get; } = new(
        [
            new("Number", 6, c => c.Number.ToString(CultureInfo.InvariantCulture), Right: true),
            new("Client", 21, Client),
            new("Start", 15, c => c.StartTime.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
            new("Seconds", 9, c => c.Duration.ToString("0.000", CultureInfo.InvariantCulture), Right: true),
            new("Received", 9, c => c.BytesReceived.ToString(CultureInfo.InvariantCulture), Right: true),
            new("Sent", 9, c => c.BytesSent.ToString(CultureInfo.InvariantCulture), Right: true),
            new("Requests", 8, c => c.Requests.ToString(CultureInfo.InvariantCulture), Right: true),
            new("Behavior", 18, c => c.Behavior is { } behavior ? EnumNames.Of(behavior) : ""),
            new("RequestLine", 30, c => c.RequestLine),
            new("Ending", 15, c => EnumNames.Of(c.Ending)),
            new("Error", 0, c => c.Error ?? c.Fault ?? ""),
        ],
        JsonShape.Default.ServedConnection);

    public static RecordShape<ServerBehaviorSummary> Behavior { get; } = new(
        [
            new("Behavior", 20, b => EnumNames.Of(b.Behavior)),
            new("Summary", 0, b => b.Summary),
        ],
        JsonShape.Default.ServerBehaviorSummary);

    private static string Client(ServedConnection connection) =>
        connection.RemoteAddress.Length > 0 ? new EndpointText(connection.RemoteAddress, connection.RemotePort).ToString() : connection.LocalAddress;
}
