using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// An ICMP error ends a connect immediately (net/ipv4/tcp_ipv4.c, tcp_v4_err), unless it comes while the call itself is still at work in the
/// kernel: hence the slow path.
/// </summary>
internal sealed class IcmpReject : RoutedScenario
{
    public override string Summary => "A router answers the SYN with an ICMP error, host unreachable: connect fails immediately with EHOSTUNREACH.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Unanswered, "C:SYN C:ICMP(3/1)|C:SYN C:ICMP(1/3)", Cause.NetworkUnreachable)];

    private protected override bool SlowPath => true;

    [SupportedOSPlatform("linux")]
    internal override void Play(Stage stage)
    {
        stage.Happen("the router rejects everything: host unreachable", () => stage.Routed.Router.Firewall("forward", "reject with icmpx type host-unreachable"));
        TracedSocket listener = stage.Listen();
        TracedSocket client = stage.NewClient();
        client.Connect(listener.Socket.LocalEndPoint!).Expect("EHOSTUNREACH");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("ENOTCONN");
    }
}
