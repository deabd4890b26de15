using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The classic broken pipe. The FIN only means that the server sends no more, so the first late write is accepted. The server's host no longer has a
/// socket and answers with a RST; the next write fails.
/// </summary>
internal sealed class WriteAfterCloseScenario : Scenario
{
    public override string Summary => "The server closes; the client does not read, and writes twice: the first write is accepted, the second returns EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]C:DATA(5) S:RST", Cause.WriteAfterPeerClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Close();
        client.Await(TcpState.CloseWait);
        context.Pass(TimeSpan.FromMilliseconds(300));
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF", Expectation.Undocumented);
    }
}
