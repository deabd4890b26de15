using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A firewall that drops silently leaves both sides with an open connection. The side that writes retransmits until its kernel gives up. Linux then
/// sends no RST (net/ipv4/tcp_timer.c, tcp_write_err), so the capture just stops.
/// </summary>
internal sealed class FirewallDropScenario : RoutedScenario
{
    public override string Summary => "A firewall begins to drop everything: the client's data is never acknowledged, its kernel gives up with ETIMEDOUT, and the next write returns EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.TimedOut, "C:REXMIT(5)×*", Cause.SilentDrop)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect(socket => TcpOption.UserTimeout.Set(socket, 700));
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        context.Happen("the firewall drops everything from now on", () => context.Routed.Router.Firewall("forward", "drop"));
        client.Send(5).Expect("ok");
        client.Receive(maxWait: TimeSpan.FromMilliseconds(300)).Expect("blocks");
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ETIMEDOUT");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF");
        server.Receive(maxWait: TimeSpan.Zero).Expect("blocks");
    }
}
