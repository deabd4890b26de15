using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// An administrator uses ss -K (ss(8), kernel CONFIG_INET_DIAG_DESTROY): it resets the peer, and one call of the program returns ECONNABORTED.
/// </summary>
internal sealed class ConnectionKilledScenario : RoutedScenario
{
    public override string Summary => "An administrator kills the client's connection (ss -K): the client's read returns ECONNABORTED, the server's ECONNRESET.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:RST", Cause.AbortiveClose)];

    private protected override string Command => "ss";

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        int port = ((IPEndPoint)client.Socket.LocalEndPoint!).Port;
        context.Happen("an administrator of the client's host kills the connection", () => context.Routed.Client.Run("ss", "-K", "sport", "=", port.ToString(CultureInfo.InvariantCulture)));
        client.Receive().Expect("ECONNABORTED");
        client.Receive().Expect("EOF");
        client.Send(5).Expect("EPIPE");
        server.Receive().Expect("ECONNRESET");
    }
}
