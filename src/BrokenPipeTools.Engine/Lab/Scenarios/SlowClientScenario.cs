using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The server's time-out has expired. When the slow client continues, the connection is closed.
/// </summary>
internal sealed class SlowClientScenario : Scenario
{
    public override string Summary => "The client begins a request and pauses; the server's time-out closes the connection; the client continues to write: EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]C:DATA(20) S:RST", Cause.WriteAfterPeerClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(20).Expect("ok");
        server.Receive().Expect("ok");
        server.Receive(maxWait: TimeSpan.FromSeconds(1)).Expect("blocks");
        server.Close();
        context.Pass(TimeSpan.FromMilliseconds(300));
        client.Send(20).Expect("ok");
        client.Await(TcpState.Closed);
        client.Send(20).Expect("EPIPE");
        client.Receive().Expect("EOF", Expectation.Undocumented);
    }
}
