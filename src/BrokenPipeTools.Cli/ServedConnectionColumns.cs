using System.Globalization;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Cli;

/// <summary>The columns of what <c>brokenpipe serve</c> prints. A test holds them to the properties.</summary>
internal static class ServedConnectionColumns
{
    public static IReadOnlyList<RowColumn<ServedConnection>> All { get; } =
    [
        new(nameof(ServedConnection.Number), c => c.Number, 6) { Right = true },
        new(nameof(ServedConnection.Behavior), c => c.Behavior),
        new(nameof(ServedConnection.RemoteAddress), c => c.RemoteAddress, 21, "Client") { Shown = Client },
        new(nameof(ServedConnection.RemotePort), c => c.RemotePort),
        new(nameof(ServedConnection.LocalAddress), c => c.LocalAddress),
        new(nameof(ServedConnection.LocalPort), c => c.LocalPort),
        new(nameof(ServedConnection.StartTime), c => c.StartTime, 15, "Start") { Shown = c => c.StartTime.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture) },
        new(nameof(ServedConnection.Duration), c => c.Duration, 9, "Seconds") { Shown = c => c.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture), Right = true },
        new(nameof(ServedConnection.BytesReceived), c => c.BytesReceived, 9, "Received") { Right = true },
        new(nameof(ServedConnection.BytesSent), c => c.BytesSent, 9, "Sent") { Right = true },
        new(nameof(ServedConnection.Requests), c => c.Requests, 8) { Right = true },
        new(nameof(ServedConnection.RequestLine), c => c.RequestLine, 30),
        new(nameof(ServedConnection.Ending), c => c.Ending, 14),
        new(nameof(ServedConnection.Error), c => c.Error, 10),
    ];

    public static IReadOnlyList<RowColumn<ServerBehaviorSummary>> Behaviors { get; } =
    [
        new(nameof(ServerBehaviorSummary.Behavior), b => b.Behavior, 19),
        new(nameof(ServerBehaviorSummary.Summary), b => b.Summary, 1),
    ];

    private static string Client(ServedConnection connection) =>
        connection.RemoteAddress.Length > 0 ? Endpoint.Describe(connection.RemoteAddress, connection.RemotePort) : connection.LocalAddress;
}
