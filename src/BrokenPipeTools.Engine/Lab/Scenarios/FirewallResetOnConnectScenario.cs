using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A firewall that rejects a SYN with RST sends the same answer as a host without a listener. Only the time to live, or a round trip that is too
/// short, shows the difference.
/// </summary>
internal sealed class FirewallResetOnConnectScenario : RoutedScenario
{
    public override string Summary => "A firewall answers the SYN with RST although the server listens: connect returns ECONNREFUSED.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Refused, "C:SYN S:RST", Cause.ConnectionRefused)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        context.Happen("the firewall rejects every TCP segment with RST", () => context.Routed.Router.Firewall("forward", "meta l4proto tcp reject with tcp reset"));
        TracedSocket listener = context.Listen();
        TracedSocket client = context.NewClient();
        client.Connect(listener.Socket.LocalEndPoint!).Expect("ECONNREFUSED");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("ENOTCONN");
    }
}
