using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// Only the sender of the rejected packet gets the RST. The RST equals that of a host without a socket, except for the TTL, which is the router's
/// (net/ipv4/netfilter/nf_reject_ipv4.c).
/// </summary>
internal sealed class FirewallResetScenario : RoutedScenario
{
    public override string Summary => "A firewall begins to answer with RSTs that have the server's address: the client's read returns ECONNRESET; the server does not notice until it writes and gets a RST with the client's address.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:DATA(5) S:RST", Cause.MiddleboxReset)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Send(5).Expect("ok");
        client.Receive().Expect("ok");
        context.Happen("the firewall rejects everything with RST from now on", () => context.Routed.Router.Firewall("forward", "meta l4proto tcp reject with tcp reset"));
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
