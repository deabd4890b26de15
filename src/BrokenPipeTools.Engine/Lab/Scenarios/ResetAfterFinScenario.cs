using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// On Linux a RST after the peer's FIN never causes ECONNRESET (net/ipv4/tcp_input.c, tcp_reset: EPIPE in CLOSE_WAIT).
/// </summary>
internal sealed class ResetAfterFinScenario : Scenario
{
    public override string Summary => "The server shuts down its sending side, then closes with unread data: reads return 0, and the first write already returns EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]C:DATA(50) [S:ACK ]S:RST", Cause.UnreadDataDiscarded)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        server.Shutdown(SocketShutdown.Send);
        client.Await(TcpState.CloseWait);
        client.Send(50).Expect("ok");
        server.Wait(SelectMode.SelectRead, TracedSocket.MaxWait);
        server.Close();
        client.Await(TcpState.Closed);
        client.Receive().Expect("EOF", Expectation.Undocumented);
        client.Send(5).Expect("EPIPE");
    }
}
