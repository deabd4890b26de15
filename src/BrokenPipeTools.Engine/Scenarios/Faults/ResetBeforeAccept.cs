using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// The connection waits in the accept queue when its client resets it. accept still returns it on Linux; BSD and macOS return
/// ECONNABORTED.
/// </summary>
internal sealed class ResetBeforeAccept : Scenario
{
    public override string Summary => "The client resets before the server accepts: accept succeeds, and the server's first read returns ECONNRESET.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:RST", Cause.AbortiveClose)];

    internal override void Play(Stage stage)
    {
        TracedSocket listener = stage.Listen();
        TracedSocket client = stage.NewClient();
        client.Connect(listener.Socket.LocalEndPoint!).Expect("ok");
        client.Abort();
        TracedSocket server = stage.Accept(listener);
        server.Receive().Expect("ECONNRESET");
        server.Send(5).Expect("EPIPE");
    }
}
