using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// tcp_syn_retries (ip-sysctl.rst) is lowered from 6, with which connect would wait for two minutes and more. A full accept queue, a
/// host that is down behind a silent router, a lost SYN-ACK look the same from here.
/// </summary>
internal sealed class ConnectTimeout : RoutedScenario
{
    public override string Summary => "A firewall drops the SYNs: the kernel retransmits them, and connect fails with ETIMEDOUT.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Unanswered, "C:SYN C:REXMIT[×2]", Cause.ConnectTimeout)];

    [SupportedOSPlatform("linux")]
    internal override void Play(Stage stage)
    {
        stage.Happen("the firewall drops everything", () => stage.Routed.Router.Firewall("forward", "drop"));
        stage.Happen("the client's kernel retransmits a SYN only once", () => stage.Routed.Client.Sysctl("net.ipv4.tcp_syn_retries", 1));
        TracedSocket listener = stage.Listen();
        TracedSocket client = stage.NewClient();
        client.BeginConnect(listener.Socket.LocalEndPoint!).Expect("blocks");
        client.Send(5).Expect("blocks");
        client.Await(TcpState.Closed);
        client.Receive().Expect("ETIMEDOUT");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF");
    }
}
