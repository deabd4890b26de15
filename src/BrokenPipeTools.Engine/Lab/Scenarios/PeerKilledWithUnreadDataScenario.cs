using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A process is killed with unread data: the kernel closes its descriptors, and a close with unread data sends a RST.
/// </summary>
internal sealed class PeerKilledWithUnreadDataScenario : Scenario
{
    public override string Summary => "The server's process is killed (SIGKILL) with unread data of the client: its kernel sends RST; the client's read returns ECONNRESET, its next write EPIPE.";

    public override string Effect => "open a listener on the loopback interface, connect to it, start a child process and kill it";

    public override ScenarioNeeds Needs => ScenarioNeeds.Unix;

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.UnreadDataDiscarded)];

    [UnsupportedOSPlatform("windows")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(50).Expect("ok");
        server.Wait(SelectMode.SelectRead, TracedSocket.MaxWait);
        ChildProcess child = context.Keep(ChildProcess.TakeOver(server));
        context.Happen("the server's process gets SIGKILL", child.Kill);
        client.Await(TcpState.Closed);
        client.Receive().Expect("ECONNRESET");
        client.Send(5).Expect("EPIPE");
    }
}
