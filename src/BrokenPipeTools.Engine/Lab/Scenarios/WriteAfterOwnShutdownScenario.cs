using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A bug in the program itself: a write after its own shutdown returns EPIPE immediately, and no packet of the server is needed for that.
/// </summary>
internal sealed class WriteAfterOwnShutdownScenario : Scenario
{
    public override string Summary => "The client shuts down its sending side and then writes: EPIPE immediately, because of its own shutdown. The server still has the connection open.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Graceful, "C:FIN [S:ACK ]S:DATA(5) C:ACK S:FIN C:ACK", Cause.HalfClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Shutdown(SocketShutdown.Send);
        client.Send(5).Expect("EPIPE", "WSAESHUTDOWN");
        server.Send(5).Expect("ok");
        client.Receive().Expect("ok");
        server.Receive().Expect("EOF");
        server.Close();
        client.Receive().Expect("EOF");
    }
}
