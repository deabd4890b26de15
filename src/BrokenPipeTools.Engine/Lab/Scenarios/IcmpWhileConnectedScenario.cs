using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// On an established connection an ICMP error is only a hint (RFC 1122, section 4.2.3.9): no call fails, but SO_ERROR shows it. When the kernel gives
/// up, the hint is returned in place of ETIMEDOUT (net/ipv4/tcp_timer.c, tcp_write_err).
/// </summary>
internal sealed class IcmpWhileConnectedScenario : RoutedScenario
{
    public override string Summary => "A router begins to answer with ICMP, host unreachable: the connection stays open, SO_ERROR already returns EHOSTUNREACH, and when the kernel gives up, this is the error in place of ETIMEDOUT.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.TimedOut, "C:ICMP(3/1) C:REXMIT(5) C:ICMP(3/1) C:REXMIT(5) C:ICMP(3/1)*|C:ICMP(1/3) C:REXMIT(5) C:ICMP(1/3) C:REXMIT(5) C:ICMP(1/3)*", Cause.NetworkUnreachable)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect(socket => TcpOption.UserTimeout.Set(socket, 700));
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        context.Happen("the router rejects everything from now on: host unreachable", () => context.Routed.Router.Firewall("forward", "reject with icmpx type host-unreachable"));
        client.Send(5).Expect("ok");
        client.Receive(maxWait: TimeSpan.FromMilliseconds(100)).Expect("blocks");
        client.TakeError().Expect("EHOSTUNREACH");
        client.Receive(maxWait: TimeSpan.FromMilliseconds(100)).Expect("blocks");
        client.Await(TcpState.Closed);
        client.Send(5).Expect("EHOSTUNREACH");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF");
        server.Receive(maxWait: TimeSpan.Zero).Expect("blocks");
    }
}
