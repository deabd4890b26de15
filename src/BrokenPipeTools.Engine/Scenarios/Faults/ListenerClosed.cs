using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// The server's kernel completes handshakes on its own. A program that ends, or a listener that closes, with connections in the
/// queue resets them all.
/// </summary>
internal sealed class ListenerClosed : Scenario
{
    public override string Summary => "The server closes its listener before it has accepted: the client was connected and its data was acknowledged, but its read returns ECONNRESET.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.AbortiveClose)];

    internal override void Play(Stage stage)
    {
        TracedSocket listener = stage.Listen();
        TracedSocket client = stage.NewClient();
        client.Connect(listener.Socket.LocalEndPoint!).Expect("ok");
        listener.Close();
        client.Await(TcpState.Closed);
        client.Receive().Expect("ECONNRESET");
        client.Send(5).Expect("EPIPE");
    }
}
