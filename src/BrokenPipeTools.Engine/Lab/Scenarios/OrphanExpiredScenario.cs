using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A closed socket that still waits for the peer's FIN is dropped after tcp_fin_timeout (ip-sysctl.rst; a minute by default). Data after the FIN
/// would be answered with a RST even before that. A keepalive probe, which has no data, is acknowledged until then, so a RST in answer to it shows
/// that the socket was dropped.
/// </summary>
internal sealed class OrphanExpiredScenario : RoutedScenario
{
    public override string Summary => "The server closes and the client does not: the server's kernel stops waiting for the client's FIN; the client's keepalive probe is then answered with a RST, and its first write returns EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN C:ACK C:KEEPALIVE S:RST", Cause.PeerStateLost)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        context.Happen("the server's kernel waits 1 s for the client's FIN", () => context.Routed.Server.Sysctl("net.ipv4.tcp_fin_timeout", 1));
        (TracedSocket client, TracedSocket server) = context.Connect(socket =>
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 2);
        });
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Close();
        client.Receive().Expect("EOF");
        client.Await(TcpState.Closed);
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF");
    }
}
