using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// The client resets a connection that waits in the accept queue. On Linux accept still returns it; on BSD and macOS accept returns ECONNABORTED.
/// </summary>
internal sealed class ResetBeforeAcceptScenario : Scenario
{
    public override string Summary => "The client resets before the server accepts: accept succeeds, and the server's first read returns ECONNRESET.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:RST", Cause.AbortiveClose)];

    internal override void Run(ScenarioContext context)
    {
        TracedSocket listener = context.Listen();
        TracedSocket client = context.NewClient();
        client.Connect(listener.Socket.LocalEndPoint!).Expect("ok");
        client.Abort();
        TracedSocket server = context.Accept(listener);
        server.Receive().Expect("ECONNRESET");
        server.Send(5).Expect("EPIPE");
    }
}
