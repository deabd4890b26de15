using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// A firewall that rejects a SYN with RST sends the same answer as a host without a listener; only the time to live, or a round
/// trip too short, gives it away.
/// </summary>
internal sealed class FirewallResetOnConnect : RoutedScenario
{
    public override string Summary => "A firewall answers the SYN with RST although the server listens: connect returns ECONNREFUSED.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Refused, "C:SYN S:RST", Cause.ConnectionRefused)];

    [SupportedOSPlatform("linux")]
    internal override void Play(Stage stage)
    {
        stage.Happen("the firewall rejects every TCP segment with RST", () => stage.Routed.Router.Firewall("forward", "meta l4proto tcp reject with tcp reset"));
        TracedSocket listener = stage.Listen();
        TracedSocket client = stage.NewClient();
        client.Connect(listener.Socket.LocalEndPoint!).Expect("ECONNREFUSED");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("ENOTCONN");
    }
}
