using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// No program listens. A blocking connect returns the error itself; the socket is then one that was never connected, and writing on
/// it is a broken pipe.
/// </summary>
internal sealed class ConnectionRefused : Scenario
{
    public override string Summary => "No program listens: connect returns ECONNREFUSED, a write on the same socket EPIPE, a read ENOTCONN.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Refused, "C:SYN S:RST", Cause.ConnectionRefused)];

    internal override void Play(Stage stage)
    {
        TracedSocket bound = stage.Reserve();
        TracedSocket client = stage.NewClient();
        client.Connect(bound.Socket.LocalEndPoint!).Expect("ECONNREFUSED");
        client.Send(5).Expect("EPIPE", "WSAENOTCONN");
        client.Receive().Expect("ENOTCONN");
    }
}
