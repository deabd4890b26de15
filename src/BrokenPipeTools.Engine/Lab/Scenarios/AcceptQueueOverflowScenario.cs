using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The server does not accept and its queue is full, so Linux drops the SYNs of later clients (net/ipv4/tcp_input.c, tcp_conn_request). The client
/// cannot distinguish this from a firewall.
/// </summary>
internal sealed class AcceptQueueOverflowScenario : Scenario
{
    public override string Summary => "The server's accept queue is full: the next client's SYN is not answered, and its connect fails with ETIMEDOUT.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets =>
    [
        new(CloseState.Open, "", Cause.StillOpen),
        new(CloseState.Unanswered, "C:SYN*", Cause.AcceptQueueOverflow),
    ];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        TracedSocket listener = context.Listen(backlog: 0);
        TracedSocket first = context.NewClient();
        first.Connect(listener.Socket.LocalEndPoint!).Expect("ok");
        TracedSocket second = context.NewClient();
        TcpOption.SynCount.Set(second.Socket, 1);
        second.BeginConnect(listener.Socket.LocalEndPoint!).Expect("blocks");
        second.Send(5).Expect("blocks");
        second.Await(TcpState.Closed);
        second.Receive().Expect("ETIMEDOUT");
        second.Send(5).Expect("EPIPE");
    }
}
