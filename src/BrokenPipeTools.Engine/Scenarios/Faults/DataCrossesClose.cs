using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// The server's kernel answers data for a socket that is gone with the number that the data acknowledged, which is the one before its FIN:
/// one below the number that the client expects. Linux accepts such a RST after a FIN anyway (net/ipv4/tcp_input.c, tcp_reset_check).
/// </summary>
internal sealed class DataCrossesClose : RoutedScenario
{
    public override string Summary => "The client's data crosses the server's FIN on the way: the sequence number of the RST that comes back is one below the expected one, and still it ends the connection: EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]S:RST", Cause.WriteAfterPeerClose)];

    private protected override bool SlowPath => true;

    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        stage.Pass(TimeSpan.FromMilliseconds(300));
        server.Close();
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.TakeError().Expect("EPIPE");
        client.Receive().Expect("EOF");
        client.Send(5).Expect("EPIPE");
    }
}
