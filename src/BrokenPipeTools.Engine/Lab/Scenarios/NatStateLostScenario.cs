using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A router with address translation has lost the state of a connection. It takes the server's packets for its own: its kernel has no such socket,
/// and answers with RST. It drops the client's packets. So one cause has two different errors.
/// </summary>
internal sealed class NatStateLostScenario : RoutedScenario
{
    public override string Summary => "A NAT router drops the idle connection from its table: the router itself answers the server's write with RST, the client's write times out.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.TimedOut, "C:REXMIT(5)×*", Cause.StateExpired)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        context.Happen("the router translates the client's address, drops connections from its table after 1 s without a packet, and drops packets of unknown connections", () =>
        {
            context.Routed.Router.Sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", 1);
            context.Routed.Router.Sysctl("net.netfilter.nf_conntrack_tcp_loose", 0);
            context.Routed.Router.Translate($"oifname {RoutedNetwork.RouterToServer} masquerade", "ct state invalid drop");
        });
        (TracedSocket client, TracedSocket server) = context.Connect(socket => TcpOption.UserTimeout.Set(socket, 700));
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        context.Pass(TimeSpan.FromSeconds(1.3));
        server.Send(5).Expect("ok");
        server.Await(TcpState.Closed);
        server.Receive().Expect("ECONNRESET");
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.Receive().Expect("ETIMEDOUT");
        client.Send(5).Expect("EPIPE");
    }
}
