using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// On Linux, data that the server sent before it closed can still be read after the RST, even after a write has returned EPIPE.
/// </summary>
internal sealed class WriteAfterCloseUnreadAnswerScenario : Scenario
{
    public override string Summary => "The server answers and closes; the client writes before it reads: the second write fails, the answer can still be read.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]C:DATA(5) S:RST", Cause.WriteAfterPeerClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Send(50).Expect("ok");
        server.Close();
        client.Await(TcpState.CloseWait);
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("ok", Expectation.Undocumented);
        client.Receive().Expect("EOF", Expectation.Undocumented);
    }
}
