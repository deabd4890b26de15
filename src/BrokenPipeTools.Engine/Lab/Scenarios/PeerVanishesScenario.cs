using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A host that lost its power sends nothing. After its restart it answers segments without a socket with RST (RFC 9293, section 3.5.1), so the
/// writer's own write causes the RST.
/// </summary>
internal sealed class PeerVanishesScenario : RoutedScenario
{
    public override string Summary => "The server's host restarts without sending a packet: the client's next write is answered with a RST, with no FIN before it.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:DATA(5) S:RST", Cause.PeerStateLost)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        context.Happen("the server's host restarts and has no connections", () => TcpRepair.Forget(server.Socket));
        client.Receive(maxWait: TimeSpan.FromMilliseconds(300)).Expect("blocks");
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.Receive().Expect("ECONNRESET");
        client.Send(5).Expect("EPIPE");
    }
}
