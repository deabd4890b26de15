using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// The server answered but left a part of the request unread. On Linux the answer can still be read after the error.
/// </summary>
internal sealed class CloseWithUnreadDataAfterAnswer : Scenario
{
    public override string Summary => "The server answers, leaves a part of the request unread and closes: the client's write returns ECONNRESET, its reads still return the answer.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.UnreadDataDiscarded)];

    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect();
        client.Send(50).Expect("ok");
        server.Receive(20).Expect("ok");
        server.Send(50).Expect("ok");
        server.Close();
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ECONNRESET", Expectation.WindowsPeerGone);
        client.Receive().Expect("ok", Expectation.Undocumented);
        client.Receive().Expect("EOF", Expectation.Undocumented);
        client.Send(5).Expect("EPIPE");
    }
}
