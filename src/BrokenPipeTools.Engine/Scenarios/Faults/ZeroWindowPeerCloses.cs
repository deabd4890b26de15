using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// The receiver stopped reading, its window is shut, the sender waits for room; then the receiver closes, and its unread data
/// make that a RST.
/// </summary>
internal sealed class ZeroWindowPeerCloses : Scenario
{
    public override string Summary => "The server stops reading until the client can send no more, then closes: the client's write returns ECONNRESET, the next one EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.UnreadDataDiscarded)];

    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect(
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
