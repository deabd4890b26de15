using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// Keepalive (RFC 9293, section 3.8.4) detects a broken path for a side that only reads. Unlike the time-out of a write, it is visible in the packets
/// at the end: Linux sends a RST (net/ipv4/tcp_timer.c, tcp_keepalive_timer).
/// </summary>
internal sealed class KeepAliveDeadPathScenario : RoutedScenario
{
    public override string Summary => "A firewall drops everything while the connection is idle: two keepalive probes are not answered, the client's kernel sends RST and reports ETIMEDOUT.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:RST", Cause.KeepAliveTimeout)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect(socket =>
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 2);
        });
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        context.Happen("the firewall drops everything from now on", () => context.Routed.Router.Firewall("forward", "drop"));
        client.Receive().Expect("ETIMEDOUT");
        client.Receive().Expect("EOF");
        client.Send(5).Expect("EPIPE");
        server.Receive(maxWait: TimeSpan.Zero).Expect("blocks");
    }
}
