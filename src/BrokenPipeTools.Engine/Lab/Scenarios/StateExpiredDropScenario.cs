using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A firewall with connection tracking removes idle connections from its table (nf_conntrack-sysctl.rst: after five days by default; other firewalls
/// after minutes). Later packets belong to no entry of its table, and without loose tracking they create none.
/// </summary>
internal sealed class StateExpiredDropScenario : RoutedScenario
{
    public override string Summary => "A firewall drops the idle connection from its table, and drops packets of unknown connections: the first write after the idle time is never acknowledged and fails with ETIMEDOUT.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.TimedOut, "C:REXMIT(5)×*", Cause.StateExpired)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        context.Happen("the firewall drops connections from its table after 1 s without a packet, and drops packets of unknown connections", () =>
        {
            context.Routed.Router.Sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", 1);
            context.Routed.Router.Sysctl("net.netfilter.nf_conntrack_tcp_loose", 0);
            context.Routed.Router.Firewall("forward", "ct state invalid drop");
        });
        (TracedSocket client, TracedSocket server) = context.Connect(socket => TcpOption.UserTimeout.Set(socket, 700));
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        context.Pass(TimeSpan.FromSeconds(1.3));
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.Receive().Expect("ETIMEDOUT");
        client.Send(5).Expect("EPIPE");
        server.Receive(maxWait: TimeSpan.Zero).Expect("blocks");
    }
}
