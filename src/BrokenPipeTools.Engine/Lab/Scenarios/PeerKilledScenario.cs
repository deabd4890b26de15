using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A process that is killed closes like any other: the kernel closes its descriptors. If no data were unread, it sends a FIN.
/// </summary>
internal sealed class PeerKilledScenario : Scenario
{
    public override string Summary => "The server's process is killed (SIGKILL) without unread data: its kernel sends FIN, as for close; the client's second write returns EPIPE.";

    public override string Effect => "open a listener on the loopback interface, connect to it, start a child process and kill it";

    public override ScenarioNeeds Needs => ScenarioNeeds.Unix;

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]C:DATA(5) S:RST", Cause.WriteAfterPeerClose)];

    [UnsupportedOSPlatform("windows")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        ChildProcess child = context.Keep(ChildProcess.TakeOver(server));
        context.Happen("the server's process gets SIGKILL", child.Kill);
        client.Await(TcpState.CloseWait);
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF");
    }
}
