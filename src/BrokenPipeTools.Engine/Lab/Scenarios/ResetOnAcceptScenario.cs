using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The server aborts the connection as soon as it has accepted it. The read returns the error and clears it; the write after it can only return
/// EPIPE.
/// </summary>
internal sealed class ResetOnAcceptScenario : Scenario
{
    public override string Summary => "The server resets immediately after accept; the client reads (ECONNRESET), then writes (EPIPE).";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.AbortiveClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        server.Abort();
        client.Await(TcpState.Closed);
        client.Receive().Expect("ECONNRESET");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF", Expectation.Undocumented);
    }
}
