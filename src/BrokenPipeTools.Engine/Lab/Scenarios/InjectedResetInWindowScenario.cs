using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// RFC 5961, section 3.2: if a RST is in the window but does not have the exact number, the receiver sends a challenge ACK, so that a real sender can
/// reset again with the right number. An attacker who guesses sequence numbers has no effect.
/// </summary>
internal sealed class InjectedResetInWindowScenario : RoutedScenario
{
    public override string Summary => "An attacker on the path sends the client a RST with the server's address and a sequence number that is one too high: the client's host answers with a challenge ACK, and the connection stays open.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Graceful, "S:RST C:ACK C:DATA(5) [S:ACK ]S:DATA(5) [C:ACK ]C:FIN [S:ACK ]S:FIN C:ACK", Cause.NormalClose)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Send(5).Expect("ok");
        client.Receive().Expect("ok");
        context.Forge("a forged RST, in the window but one byte ahead", server, client, ahead: 1);
        client.Receive(maxWait: TimeSpan.FromMilliseconds(100)).Expect("blocks");
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Send(5).Expect("ok");
        client.Receive().Expect("ok");
        client.Close();
        server.Receive().Expect("EOF");
        server.Close();
    }
}
