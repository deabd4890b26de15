using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// Packets are captured before the host's own firewall (net/core/dev.c, __netif_receive_skb_core), so a captured packet may not have reached the
/// program. The only sign is that the host continues as if the RST had not arrived.
/// </summary>
internal sealed class LocalFirewallScenario : RoutedScenario
{
    public override string Summary => "The client's own firewall begins to drop incoming packets: the server's RST is in the client's capture, but the client's program waits until it gets ETIMEDOUT.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST C:REXMIT(5) S:RST C:REXMIT(5) S:RST*", Cause.SilentDrop)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect(socket => TcpOption.UserTimeout.Set(socket, 700));
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        context.Happen("the client's own firewall drops incoming packets", () => context.Routed.Client.Firewall("input", $"iifname {RoutedNetwork.ClientLink} drop"));
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Abort();
        client.Receive(maxWait: TimeSpan.FromMilliseconds(300)).Expect("blocks");
        client.Await(TcpState.Closed);
        client.Receive().Expect("ETIMEDOUT");
        client.Send(5).Expect("EPIPE");
    }
}
