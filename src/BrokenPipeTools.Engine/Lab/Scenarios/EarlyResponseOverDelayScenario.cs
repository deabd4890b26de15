using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The server closes with unread data, so its kernel sends a RST, and answers all data that was still on its way with further RSTs: a burst of RSTs
/// whose sequence numbers decrease. On Linux the client can still read the answer.
/// </summary>
internal sealed class EarlyResponseOverDelayScenario : RoutedScenario
{
    public override string Summary => "The server answers early and closes while an upload is on its way: a burst of RSTs; the client's write returns ECONNRESET, and the answer can still be read.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST×*", Cause.EarlyResponse)];

    private protected override bool SlowPath => true;

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(60_000).Expect("ok");
        server.Receive(1_000).Expect("ok");
        server.Send(300).Expect("ok");
        server.Close();
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ECONNRESET");
        client.Receive().Expect("ok");
        client.Receive().Expect("EOF");
        client.Send(5).Expect("EPIPE");
        context.Pass(TimeSpan.FromMilliseconds(300));
    }
}
