using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A race that a client cannot avoid: when it used the connection of its pool, the server had already closed it (RFC 9112, section 9.3.1, requires
/// clients to retry such a request if that is safe).
/// </summary>
internal sealed class RequestCrossesIdleCloseScenario : RoutedScenario
{
    public override string Summary => "A keep-alive connection over a slow path: the server's idle time-out closes it while the next request is on its way: the write succeeds, and the next read returns 0 in place of an answer.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]S:RST", Cause.WriteAfterPeerClose)];

    private protected override bool SlowPath => true;

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(18).Expect("ok");
        server.Receive().Expect("ok");
        server.Send(24).Expect("ok");
        client.Receive().Expect("ok");
        server.Receive(maxWait: TimeSpan.FromSeconds(1)).Expect("blocks");
        server.Close();
        client.Send(18).Expect("ok");
        client.Receive().Expect("EOF");
        client.Await(TcpState.Closed);
        client.Send(18).Expect("EPIPE");
    }
}
