using System.Globalization;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The columns and properties of open sockets.</summary>
internal static class SocketShape
{
    public static RecordShape<TcpSocket> Shape { get; } = new(
        [
            new("Local", 21, socket => new EndpointText(socket.LocalAddress, socket.LocalPort).ToString()),
            new("Remote", 21, socket => new EndpointText(socket.RemoteAddress, socket.RemotePort).ToString()),
            new("Unread", 8, socket => Number(socket.UnreadBytes), Right: true),
            new("Unsent", 8, socket => Number(socket.UnsentBytes), Right: true),
            new("Read", 10, socket => socket.NextRead),
            new("Write", 10, socket => socket.NextWrite),
            new("Summary", 0, socket => socket.Summary),
        ],
        JsonShape.Default.TcpSocket);

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
