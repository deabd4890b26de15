using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The server's kernel completes handshakes by itself. If the program ends, or closes its listener, while connections are in the queue, all of them
/// are reset.
/// </summary>
internal sealed class ListenerClosedScenario : Scenario
{
    public override string Summary => "The server closes its listener before it has accepted: the client was connected and its data was acknowledged, but its read returns ECONNRESET.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.AbortiveClose)];

    internal override void Run(ScenarioContext context)
    {
        TracedSocket listener = context.Listen();
        TracedSocket client = context.NewClient();
        client.Connect(listener.Socket.LocalEndPoint!).Expect("ok");
        listener.Close();
        client.Await(TcpState.Closed);
        client.Receive().Expect("ECONNRESET");
        client.Send(5).Expect("EPIPE");
    }
}
