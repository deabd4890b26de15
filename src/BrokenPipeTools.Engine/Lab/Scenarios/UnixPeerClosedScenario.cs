using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// On Unix-domain sockets even the first write after the peer's close fails (net/unix/af_unix.c, unix_stream_sendmsg): unlike TCP, no write is lost.
/// </summary>
internal sealed class UnixPeerClosedScenario : Scenario
{
    public override string Summary => "The peer of a Unix-domain socket closes: the first write already returns EPIPE, reads return 0.";

    public override string Effect => "open a Unix-domain socket in the temporary folder, and connect to it";

    public override ScenarioNeeds Needs => ScenarioNeeds.Unix;

    public override IReadOnlyList<ExpectedClose> Packets => [];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.ConnectUnix();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Close();
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF");
    }
}
