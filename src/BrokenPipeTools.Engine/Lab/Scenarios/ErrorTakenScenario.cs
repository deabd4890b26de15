using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// SO_ERROR reads the pending error and clears it. If a framework reads it after every event, the program's own call returns only EOF, as after a
/// normal end (Linux, net/core/sock.c, sock_error).
/// </summary>
internal sealed class ErrorTakenScenario : Scenario
{
    public override string Summary => "The server resets, and SO_ERROR is read first, which clears the error: the program's next read returns 0, and its next write EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.AbortiveClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        server.Abort();
        client.Await(TcpState.Closed);
        client.TakeError().Expect("ECONNRESET", Expectation.Undocumented);
        client.Receive().Expect("EOF", Expectation.Undocumented);
        client.Send(5).Expect("EPIPE");
    }
}
