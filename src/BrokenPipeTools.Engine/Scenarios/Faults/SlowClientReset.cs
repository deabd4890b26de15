using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// As SlowClient, with a server that ends time-outs abortively (nginx: reset_timedout_connection).
/// </summary>
internal sealed class SlowClientReset : Scenario
{
    public override string Summary => "The client begins a request and pauses; the server's time-out resets the connection: the client's next write returns ECONNRESET.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.IdleTimeout)];

    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect();
        client.Send(20).Expect("ok");
        server.Receive().Expect("ok");
        server.Receive(patience: TimeSpan.FromSeconds(2)).Expect("blocks");
        server.Abort();
        client.Await(TcpState.Closed);
        client.Send(20).Expect("ECONNRESET", Expectation.WindowsPeerGone);
        client.Send(20).Expect("EPIPE");
    }
}
