using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// Unix-domain sockets know immediately that the peer has closed (net/unix/af_unix.c, unix_stream_sendmsg): no first write is lost as
/// with TCP.
/// </summary>
internal sealed class UnixPeerClosed : Scenario
{
    public override string Summary => "The peer of a Unix-domain socket closes: the first write already returns EPIPE, reads return 0.";

    public override string Effect => "open a Unix-domain socket in the temporary folder, and connect to it";

    public override ScenarioNeeds Needs => ScenarioNeeds.Unix;

    public override IReadOnlyList<ExpectedClose> Packets => [];

    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.ConnectUnix();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Close();
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF");
    }
}
