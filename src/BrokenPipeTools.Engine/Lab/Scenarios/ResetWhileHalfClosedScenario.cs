using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The pending error is returned even after the program's own shutdown: the write gets ECONNRESET, and not EPIPE.
/// </summary>
internal sealed class ResetWhileHalfClosedScenario : Scenario
{
    public override string Summary => "The client has shut down its sending side when the server resets: its next write returns ECONNRESET, and only the one after that EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:FIN [S:ACK ]S:RST", Cause.AbortiveClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Shutdown(SocketShutdown.Send);
        server.Receive().Expect("EOF");
        server.Abort();
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ECONNRESET", Expectation.Undocumented);
        client.Send(5).Expect("EPIPE", "WSAESHUTDOWN");
        client.Receive().Expect("EOF", Expectation.Undocumented);
    }
}
