using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The normal case for comparison: each side closes after it has read the other's end.
/// </summary>
internal sealed class NormalCloseScenario : Scenario
{
    public override string Summary => "A request, an answer, and both sides close after they have read everything: no error.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Graceful, "S:FIN [C:ACK ]C:FIN S:ACK", Cause.NormalClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(18).Expect("ok");
        server.Receive().Expect("ok");
        server.Send(24).Expect("ok");
        client.Receive().Expect("ok");
        server.Close();
        client.Receive().Expect("EOF");
        client.Close();
    }
}
