using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// TCP_LINGER2 below 0 (tcp(7)) makes a closed socket not wait for the peer's FIN: its state is dropped, with a RST, as it is
/// when tcp_fin_timeout or the limit on orphans ends the waiting.
/// </summary>
internal sealed class OrphanReset : Scenario
{
    public override string Summary => "The server closes and its kernel drops the connection immediately: FIN, then a RST that answers no packet; the client's first write already returns EPIPE.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]S:RST", Cause.PeerStateLost)];

    [SupportedOSPlatform("linux")]
    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect();
        TcpOption.Linger2.Set(server.Socket, -1);
        server.Close();
        client.Await(TcpState.Closed);
        client.Receive().Expect("EOF");
        client.Send(5).Expect("EPIPE");
    }
}
