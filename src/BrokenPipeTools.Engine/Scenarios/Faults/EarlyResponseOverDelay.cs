using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// The server's close with unread data is a RST, and everything that was still on its way to it draws another: a burst of RSTs whose
/// sequence numbers go back. Linux keeps the answer readable.
/// </summary>
internal sealed class EarlyResponseOverDelay : RoutedScenario
{
    public override string Summary => "The server answers early and closes while an upload is on its way: a burst of RSTs; the client's write returns ECONNRESET, and the answer can still be read.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST×*", Cause.EarlyResponse)];

    private protected override bool SlowPath => true;

    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect();
        client.Send(60_000).Expect("ok");
        server.Receive(1_000).Expect("ok");
        server.Send(300).Expect("ok");
        server.Close();
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ECONNRESET");
        client.Receive().Expect("ok");
        client.Receive().Expect("EOF");
        client.Send(5).Expect("EPIPE");
        stage.Pass(TimeSpan.FromMilliseconds(300));
    }
}
