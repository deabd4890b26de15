using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// Exactly one call returns ECONNRESET, whichever comes first; here it is a write.
/// </summary>
internal sealed class ResetOnAcceptWriteFirstScenario : Scenario
{
    public override string Summary => "The server resets immediately after accept; the client writes first: ECONNRESET, then EPIPE, and reads return 0.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.AbortiveClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        server.Abort();
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ECONNRESET", Expectation.WindowsPeerGone);
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF", Expectation.Undocumented);
    }
}
