using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// An ICMP error ends a connect immediately (net/ipv4/tcp_ipv4.c, tcp_v4_err), unless it arrives while connect is still sending the SYN in the
/// kernel. The slow path delays the error until after that.
/// </summary>
internal sealed class IcmpRejectScenario : RoutedScenario
{
    public override string Summary => "A router answers the SYN with an ICMP error, host unreachable: connect fails immediately with EHOSTUNREACH.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Unanswered, "C:SYN C:ICMP(3/1)|C:SYN C:ICMP(1/3)", Cause.NetworkUnreachable)];

    private protected override bool SlowPath => true;

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        context.Happen("the router rejects everything: host unreachable", () => context.Routed.Router.Firewall("forward", "reject with icmpx type host-unreachable"));
        TracedSocket listener = context.Listen();
        TracedSocket client = context.NewClient();
        client.Connect(listener.Socket.LocalEndPoint!).Expect("EHOSTUNREACH");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("ENOTCONN");
    }
}
