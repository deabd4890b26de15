using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// As StateExpiredDrop, but the firewall answers with RST: each side that writes gets a RST with the other side's address. Neither host sent it.
/// </summary>
internal sealed class StateExpiredResetScenario : RoutedScenario
{
    public override string Summary => "A firewall drops the idle connection from its table, and answers packets of unknown connections with RST: each side gets ECONNRESET after it writes.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:DATA(5) S:RST", Cause.StateExpired)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        context.Happen("the firewall drops connections from its table after 5 s without a packet, and rejects packets of unknown connections with RST", () =>
        {
            context.Routed.Router.Sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", 5);
            context.Routed.Router.Sysctl("net.netfilter.nf_conntrack_tcp_loose", 0);
            context.Routed.Router.Firewall("forward", "ct state invalid meta l4proto tcp reject with tcp reset");
        });
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        context.Pass(TimeSpan.FromSeconds(5.5));
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.Receive().Expect("ECONNRESET");
        client.Send(5).Expect("EPIPE");
        server.Receive(maxWait: TimeSpan.FromMilliseconds(100)).Expect("blocks");
        server.Send(5).Expect("ok");
        server.Await(TcpState.Closed);
        server.Receive().Expect("ECONNRESET");
    }
}
