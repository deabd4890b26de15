using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A load balancer checks whether a program listens: it connects and resets. The server logs it as an error, but it is not one.
/// </summary>
internal sealed class HealthProbeScenario : Scenario
{
    public override string Summary => "A health probe connects and resets, three times at a fixed interval: each time the server's read returns ECONNRESET. Benign.";

    public override IReadOnlyList<ExpectedClose> Packets =>
    [
        new(CloseState.Reset, "C:RST", Cause.HealthProbe),
        new(CloseState.Reset, "C:RST", Cause.HealthProbe),
        new(CloseState.Reset, "C:RST", Cause.HealthProbe),
    ];

    internal override void Run(ScenarioContext context)
    {
        TracedSocket listener = context.Listen();
        for (int probe = 0; probe < 3; probe++)
        {
            (TracedSocket client, TracedSocket server) = context.Connect(listener);
            client.Abort();
            server.Receive().Expect("ECONNRESET");
            server.Close();
            context.Wait(TimeSpan.FromMilliseconds(200));
        }
    }
}
