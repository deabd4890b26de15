using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// The same on a non-blocking socket: connect returns immediately, the error stays pending for the first call that asks, and reads
/// then return the end in place of ENOTCONN.
/// </summary>
internal sealed class ConnectionRefusedNonBlocking : Scenario
{
    public override string Summary => "No program listens, and connect does not wait: the first call after it returns ECONNREFUSED; then writes return EPIPE and reads return 0.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Refused, "C:SYN S:RST", Cause.ConnectionRefused)];

    internal override void Play(Stage stage)
    {
        TracedSocket bound = stage.Reserve();
        TracedSocket client = stage.NewClient();
        client.BeginConnect(bound.Socket.LocalEndPoint!).Expect("blocks");
        client.Await(TcpState.Closed);
        client.Send(5).Expect("ECONNREFUSED", Expectation.Undocumented);
        client.Send(5).Expect("EPIPE", Expectation.Undocumented);
        client.Receive().Expect("EOF", Expectation.Undocumented);
    }
}
