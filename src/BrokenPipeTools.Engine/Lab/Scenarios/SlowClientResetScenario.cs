using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// As SlowClient, but the server sends a RST after its time-out (nginx: reset_timedout_connection).
/// </summary>
internal sealed class SlowClientResetScenario : Scenario
{
    public override string Summary => "The client begins a request and pauses; the server's time-out resets the connection: the client's next write returns ECONNRESET.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.IdleTimeout)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(20).Expect("ok");
        server.Receive().Expect("ok");
        server.Receive(maxWait: TimeSpan.FromSeconds(2)).Expect("blocks");
        server.Abort();
        client.Await(TcpState.Closed);
        client.Send(20).Expect("ECONNRESET", Expectation.WindowsPeerGone);
        client.Send(20).Expect("EPIPE");
    }
}
