using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A client keeps a connection in its pool. The server closes the idle connection at the moment when the client uses it again: the kernel accepts the
/// request, and the request is lost.
/// </summary>
internal sealed class KeepAliveRaceScenario : Scenario
{
    public override string Summary => "A keep-alive connection: the server's idle time-out closes it while the client sends its next request; the request is lost, and the client's read returns 0 in place of an answer.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]C:DATA(18) S:RST", Cause.WriteAfterPeerClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(18).Expect("ok");
        server.Receive().Expect("ok");
        server.Send(24).Expect("ok");
        client.Receive().Expect("ok");
        server.Receive(maxWait: TimeSpan.FromSeconds(1)).Expect("blocks");
        server.Close();
        client.Send(18).Expect("ok");
        client.Receive().Expect("EOF", Expectation.Undocumented);
        client.Send(18).Expect("EPIPE");
    }
}
