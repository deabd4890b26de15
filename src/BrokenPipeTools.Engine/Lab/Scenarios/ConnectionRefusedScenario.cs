using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// No program listens. A blocking connect returns the error itself. After that the socket is like one that was never connected, and a write on it is
/// a broken pipe.
/// </summary>
internal sealed class ConnectionRefusedScenario : Scenario
{
    public override string Summary => "No program listens: connect returns ECONNREFUSED, a write on the same socket EPIPE, a read ENOTCONN.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Refused, "C:SYN S:RST", Cause.ConnectionRefused)];

    internal override void Run(ScenarioContext context)
    {
        TracedSocket bound = context.Reserve();
        TracedSocket client = context.NewClient();
        client.Connect(bound.Socket.LocalEndPoint!).Expect("ECONNREFUSED");
        client.Send(5).Expect("EPIPE", "WSAENOTCONN");
        client.Receive().Expect("ENOTCONN");
    }
}
