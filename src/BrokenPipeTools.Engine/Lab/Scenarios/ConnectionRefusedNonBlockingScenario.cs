using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// As ConnectionRefused, but on a non-blocking socket: connect returns immediately, and the error stays pending for the first call that requests it.
/// Reads then return EOF in place of ENOTCONN.
/// </summary>
internal sealed class ConnectionRefusedNonBlockingScenario : Scenario
{
    public override string Summary => "No program listens, and connect does not wait: the first call after it returns ECONNREFUSED; then writes return EPIPE and reads return 0.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Refused, "C:SYN S:RST", Cause.ConnectionRefused)];

    internal override void Run(ScenarioContext context)
    {
        TracedSocket bound = context.Reserve();
        TracedSocket client = context.NewClient();
        client.BeginConnect(bound.Socket.LocalEndPoint!).Expect("blocks");
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ECONNREFUSED", Expectation.Undocumented);
        client.Send(5).Expect("EPIPE", Expectation.Undocumented);
        client.Receive().Expect("EOF", Expectation.Undocumented);
    }
}
