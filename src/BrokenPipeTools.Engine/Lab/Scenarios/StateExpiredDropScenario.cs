using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A firewall that tracks connections forgets those that are idle (nf_conntrack-sysctl.rst: five days by default; others after minutes).
/// What then comes is no connection that it knows, and without loose tracking none that it would learn.
/// </summary>
internal sealed class StateExpiredDropScenario : RoutedScenario
{
    public override string Summary => "A firewall forgets the idle connection and drops what it does not know: the first write after the silence is never acknowledged, and ends in ETIMEDOUT.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.TimedOut, "C:REXMIT(5)×*", Cause.StateExpired)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        context.Happen("the firewall forgets connections that are idle for 1 s, and drops what it does not know", () =>
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
        server.Receive(patience: TimeSpan.Zero).Expect("blocks");
    }
}
