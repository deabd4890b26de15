using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// An administrator's doing: ss -K (ss(8), kernel CONFIG_INET_DIAG_DESTROY) resets the peer and hands the program ECONNABORTED, once.
/// </summary>
internal sealed class ConnectionKilled : RoutedScenario
{
    public override string Summary => "An administrator kills the client's connection (ss -K): the client's read returns ECONNABORTED, the server's ECONNRESET.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:RST", Cause.AbortiveClose)];

    private protected override string Command => "ss";

    [SupportedOSPlatform("linux")]
    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        int port = ((IPEndPoint)client.Socket.LocalEndPoint!).Port;
        stage.Happen("an administrator of the client's host kills the connection", () => stage.Routed.Client.Run("ss", "-K", "sport", "=", port.ToString(CultureInfo.InvariantCulture)));
        client.Receive().Expect("ECONNABORTED");
        client.Receive().Expect("EOF");
        client.Send(5).Expect("EPIPE");
        server.Receive().Expect("ECONNRESET");
    }
}
