using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// With TCP_LINGER2 below 0 (tcp(7)) a closed socket does not wait for the peer's FIN: its state is dropped with a RST, as also happens when
/// tcp_fin_timeout is over or there are too many orphans.
/// </summary>
internal sealed class OrphanResetScenario : Scenario
{
    public override string Summary => "The server closes and its kernel drops the connection immediately: FIN, then a RST that answers no packet; the client's first write already returns EPIPE.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]S:RST", Cause.PeerStateLost)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        TcpOption.Linger2.Set(server.Socket, -1);
        server.Close();
        client.Await(TcpState.Closed);
        client.Receive().Expect("EOF");
        client.Send(5).Expect("EPIPE");
    }
}
