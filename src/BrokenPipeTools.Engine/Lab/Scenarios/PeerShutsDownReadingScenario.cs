using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// shutdown(SHUT_RD) sends nothing on Linux: the client's data are accepted and acknowledged, and only the close with these unread data sends a RST.
/// </summary>
internal sealed class PeerShutsDownReadingScenario : Scenario
{
    public override string Summary => "The server shuts down its receiving side, which sends no packet; the client's writes are still accepted until the server closes with unread data.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.UnreadDataDiscarded)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        server.Shutdown(SocketShutdown.Receive);
        client.Send(5).Expect("ok");
        context.Pass(TimeSpan.FromMilliseconds(100));
        client.Send(5).Expect("ok");
        server.Close();
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ECONNRESET");
        client.Send(5).Expect("EPIPE");
    }
}
