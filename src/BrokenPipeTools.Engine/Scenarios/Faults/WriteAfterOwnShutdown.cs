using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// A bug in the program itself: EPIPE comes immediately, without any packet from the server before it.
/// </summary>
internal sealed class WriteAfterOwnShutdown : Scenario
{
    public override string Summary => "The client shuts down its sending side and then writes: EPIPE immediately, because of its own shutdown. The server still has the connection open.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Graceful, "C:FIN [S:ACK ]S:DATA(5) C:ACK S:FIN C:ACK", Cause.HalfClose)];

    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect();
        client.Shutdown(SocketShutdown.Send);
        client.Send(5).Expect("EPIPE", "WSAESHUTDOWN");
        server.Send(5).Expect("ok");
        client.Receive().Expect("ok");
        server.Receive().Expect("EOF");
        server.Close();
        client.Receive().Expect("EOF");
    }
}
