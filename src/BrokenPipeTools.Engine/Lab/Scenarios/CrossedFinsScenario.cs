using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// RFC 9293, section 3.6, case 3: both sides enter CLOSING, and then both wait in TIME_WAIT.
/// </summary>
internal sealed class CrossedFinsScenario : RoutedScenario
{
    public override string Summary => "Both sides shut down at the same time over a slow path: the FINs cross, both reads return 0, and nothing is lost.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Graceful, "C:FIN S:FIN C:ACK S:ACK", Cause.NormalClose)];

    private protected override bool SlowPath => true;

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Shutdown(SocketShutdown.Send);
        server.Shutdown(SocketShutdown.Send);
        client.Receive().Expect("EOF");
        server.Receive().Expect("EOF");
        client.Await(TcpState.Closed);
        server.Await(TcpState.Closed);
        client.Send(5).Expect("EPIPE");
        server.Send(5).Expect("EPIPE");
    }
}
