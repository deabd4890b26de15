using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A side that has shut down both directions resets the peer if the peer still sends. On Linux its own calls then return the error of that reset
/// (net/ipv4/tcp_input.c, tcp_rcv_state_process).
/// </summary>
internal sealed class LateDataAfterOwnShutdownScenario : Scenario
{
    public override string Summary => "The client shuts down both directions, then data of the server arrives and the client's own kernel sends RST: the client's read returns ECONNRESET, the server's second write EPIPE.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:FIN [S:ACK ]S:DATA(5) C:RST", Cause.DataAfterOwnClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Shutdown(SocketShutdown.Both);
        server.Await(TcpState.CloseWait);
        server.Send(5).Expect("ok");
        server.Await(TcpState.Closed);
        client.Receive().Expect("ECONNRESET", Expectation.Undocumented);
        server.Send(5).Expect("EPIPE");
        server.Receive().Expect("EOF", Expectation.Undocumented);
    }
}
