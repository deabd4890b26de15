using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// Unread data at the closer leave ECONNRESET for the reader; on a Unix-domain socket a failing write does not consume it.
/// </summary>
internal sealed class UnixPeerClosedWithUnreadData : Scenario
{
    public override string Summary => "The peer of a Unix-domain socket closes with unread data: a write returns EPIPE, the next read still returns ECONNRESET, and further reads return 0.";

    public override string Effect => "open a Unix-domain socket in the temporary folder, and connect to it";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets => [];

    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.ConnectUnix();
        client.Send(5).Expect("ok");
        server.Close();
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("ECONNRESET");
        client.Receive().Expect("EOF");
    }
}
