using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The server's kernel answers data for a closed socket with a RST. The RST has the number that the data acknowledged, which is the number before the
/// server's FIN. It is one below the number that the client expects. Linux accepts such a RST after a FIN anyway (net/ipv4/tcp_input.c,
/// tcp_reset_check).
/// </summary>
internal sealed class DataCrossesCloseScenario : RoutedScenario
{
    public override string Summary => "The client's data crosses the server's FIN on the way: the sequence number of the RST that comes back is one below the expected one, and still it ends the connection: EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]S:RST", Cause.WriteAfterPeerClose)];

    private protected override bool SlowPath => true;

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        context.Pass(TimeSpan.FromMilliseconds(300));
        server.Close();
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.TakeError().Expect("EPIPE");
        client.Receive().Expect("EOF");
        client.Send(5).Expect("EPIPE");
    }
}
