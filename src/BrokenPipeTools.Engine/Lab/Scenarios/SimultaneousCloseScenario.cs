using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// Both programs close at the same moment. On a path without delay one FIN usually comes first. Whether the FINs cross makes no difference for the
/// programs (see CrossedFins).
/// </summary>
internal sealed class SimultaneousCloseScenario : Scenario
{
    public override string Summary => "Both sides shut down at the same time: both reads return 0, and further writes return EPIPE because of their own shutdown.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Graceful, "*", Cause.NormalClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        using Barrier start = new(2);
        Thread other = new(() =>
        {
            start.SignalAndWait();
            server.Shutdown(SocketShutdown.Send);
        });
        other.Start();
        start.SignalAndWait();
        client.Shutdown(SocketShutdown.Send);
        other.Join();
        client.Receive().Expect("EOF");
        server.Receive().Expect("EOF");
        client.Send(5).Expect("EPIPE", "WSAESHUTDOWN");
        server.Send(5).Expect("EPIPE", "WSAESHUTDOWN");
    }
}
