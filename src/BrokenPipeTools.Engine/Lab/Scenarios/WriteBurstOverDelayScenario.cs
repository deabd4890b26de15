using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The RST takes a round trip. The kernel accepts data written before it arrives, and they are lost (compare WriteBurstAfterClose).
/// </summary>
internal sealed class WriteBurstOverDelayScenario : RoutedScenario
{
    public override string Summary => "The server closes and the client writes three times without a pause, over a slow path: all three writes are accepted, and only the fourth, after the RST, returns EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN C:ACK C:DATA(5) S:RST", Cause.WriteAfterPeerClose)];

    private protected override bool SlowPath => true;

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Close();
        client.Await(TcpState.CloseWait);
        context.Pass(TimeSpan.FromMilliseconds(300));
        client.Send(5).Expect("ok");
        client.Send(5).Expect("ok");
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF");
    }
}
