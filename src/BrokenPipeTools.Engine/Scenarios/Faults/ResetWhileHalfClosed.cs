using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// The pending error comes before the program's own shutdown: the write gets ECONNRESET although it could only have been EPIPE.
/// </summary>
internal sealed class ResetWhileHalfClosed : Scenario
{
    public override string Summary => "The client has shut down its sending side when the server resets: its next write returns ECONNRESET, and only the one after that EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:FIN [S:ACK ]S:RST", Cause.AbortiveClose)];

    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect();
        client.Shutdown(SocketShutdown.Send);
        server.Receive().Expect("EOF");
        server.Abort();
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ECONNRESET", Expectation.Undocumented);
        client.Send(5).Expect("EPIPE", "WSAESHUTDOWN");
        client.Receive().Expect("EOF", Expectation.Undocumented);
    }
}
