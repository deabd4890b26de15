using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// If the closing side has unread data, the other side's next read returns ECONNRESET; on a Unix-domain socket a failing write does not clear this
/// error.
/// </summary>
internal sealed class UnixPeerClosedWithUnreadDataScenario : Scenario
{
    public override string Summary => "The peer of a Unix-domain socket closes with unread data: a write returns EPIPE, the next read still returns ECONNRESET, and further reads return 0.";

    public override string Effect => "open a Unix-domain socket in the temporary folder, and connect to it";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets => [];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.ConnectUnix();
        client.Send(5).Expect("ok");
        server.Close();
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("ECONNRESET");
        client.Receive().Expect("EOF");
    }
}
