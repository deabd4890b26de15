using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// Killed with data unread: the kernel closes the descriptors, and a close with unread data is a RST.
/// </summary>
internal sealed class PeerKilledWithUnreadData : Scenario
{
    public override string Summary => "The server's process is killed (SIGKILL) with unread data of the client: its kernel sends RST; the client's read returns ECONNRESET, its next write EPIPE.";

    public override string Effect => "open a listener on the loopback interface, connect to it, start a child process and kill it";

    public override ScenarioNeeds Needs => ScenarioNeeds.Unix;

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.UnreadDataDiscarded)];

    [UnsupportedOSPlatform("windows")]
    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect();
        client.Send(50).Expect("ok");
        server.Wait(SelectMode.SelectRead, TracedSocket.Patience);
        ChildProcess child = stage.Keep(ChildProcess.TakeOver(server));
        stage.Happen("the server's process gets SIGKILL", child.Kill);
        client.Await(TcpState.Closed);
        client.Receive().Expect("ECONNRESET");
        client.Send(5).Expect("EPIPE");
    }
}
