using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// If no host answers ARP (or neighbor discovery) for the server's address, the packets wait in the client's kernel and are never sent. The capture
/// has no TCP segments, so only the error shows the reason (net/ipv4/route.c, ipv4_link_failure).
/// </summary>
internal sealed class PeerHostDownScenario : RoutedScenario
{
    public override string Summary => "A server on the same link goes down: the client's host no longer finds its hardware address, and the write fails with EHOSTUNREACH without sending a packet.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Open, "", Cause.StillOpen)];

    private protected override bool ServerOnLink => true;

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect(socket => TcpOption.UserTimeout.Set(socket, 700));
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        context.Happen("the server's host goes down: it no longer answers ARP and neighbor discovery", () =>
        {
            context.Routed.Server.Sysctl($"net.ipv4.conf.{RoutedNetwork.RouterToClient}.arp_ignore", 8); // ip-sysctl.rst: answers no ARP request
            context.Routed.Server.Firewall("input", "drop"); // also drops neighbor discovery
        });
        context.Happen("the client's host removes the hardware address from its cache, and asks for it three times in 0.3 s", () =>
        {
            context.Routed.Client.Sysctl($"net.{context.Routed.Version}.neigh.{RoutedNetwork.ClientLink}.retrans_time_ms", 100);
            context.Routed.Client.Run("ip", "neighbor", "flush", "dev", RoutedNetwork.ClientLink);
        });
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.Receive().Expect("EHOSTUNREACH");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF");
    }
}
