using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The scenario lowers tcp_syn_retries (ip-sysctl.rst) from 6, with which connect would wait for more than two minutes. For the client, a full accept
/// queue, an unreachable host after a silent router, and a lost SYN-ACK look the same.
/// </summary>
internal sealed class ConnectTimeoutScenario : RoutedScenario
{
    public override string Summary => "A firewall drops the SYNs: the kernel retransmits them, and connect fails with ETIMEDOUT.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Unanswered, "C:SYN C:REXMIT[×2]", Cause.ConnectTimeout)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        context.Happen("the firewall drops everything", () => context.Routed.Router.Firewall("forward", "drop"));
        context.Happen("the client's kernel retransmits a SYN only once", () => context.Routed.Client.Sysctl("net.ipv4.tcp_syn_retries", 1));
        TracedSocket listener = context.Listen();
        TracedSocket client = context.NewClient();
        client.BeginConnect(listener.Socket.LocalEndPoint!).Expect("blocks");
        client.Send(5).Expect("blocks");
        client.Await(TcpState.Closed);
        client.Receive().Expect("ETIMEDOUT");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF");
    }
}
