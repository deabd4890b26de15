using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The receiver does not read, so its window is closed and the sender waits for room. Then the receiver closes, and because of its unread data the
/// kernel sends a RST.
/// </summary>
internal sealed class ZeroWindowPeerClosesScenario : Scenario
{
    public override string Summary => "The server stops reading until the client can send no more, then closes: the client's write returns ECONNRESET, the next one EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.UnreadDataDiscarded)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect(
            client: socket => socket.SendBufferSize = 8_192,
            server: listener => listener.ReceiveBufferSize = 8_192);
        client.SendUntilFull().Expect("ok");
        client.Send(5).Expect("blocks");
        server.Close();
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ECONNRESET", Expectation.WindowsPeerGone);
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF", Expectation.Undocumented);
    }
}
