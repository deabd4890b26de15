using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A client ends a request whose length the server does not know (RFC 9293, section 3.6): each direction closes separately, and nothing is lost.
/// </summary>
internal sealed class HalfCloseScenario : Scenario
{
    public override string Summary => "The client shuts down its sending side, reads the answer to the end, and closes: a correct half-close.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Graceful, "C:FIN [S:ACK ]S:DATA(50) C:ACK S:FIN C:ACK", Cause.HalfClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(20).Expect("ok");
        client.Shutdown(SocketShutdown.Send);
        server.Receive().Expect("ok");
        server.Receive().Expect("EOF");
        server.Send(50).Expect("ok");
        client.Receive().Expect("ok");
        server.Close();
        client.Receive().Expect("EOF");
        client.Close();
    }
}
