using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// shutdown(SHUT_RD) sends nothing on Linux: the client's data are taken and acknowledged, and only the close with them unread
/// resets.
/// </summary>
internal sealed class PeerShutsDownReading : Scenario
{
    public override string Summary => "The server shuts down its receiving side, which sends no packet; the client's writes are still accepted until the server closes with unread data.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.UnreadDataDiscarded)];

    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect();
        server.Shutdown(SocketShutdown.Receive);
        client.Send(5).Expect("ok");
        stage.Pass(TimeSpan.FromMilliseconds(100));
        client.Send(5).Expect("ok");
        server.Close();
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ECONNRESET");
        client.Send(5).Expect("EPIPE");
    }
}
