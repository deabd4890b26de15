using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// What load balancers do to see that somebody listens: connect, then reset. The server's log calls it an error; it is none.
/// </summary>
internal sealed class HealthProbeScenario : Scenario
{
    public override string Summary => "A health probe connects and resets, three times at a steady pace: each time the server's read gets ECONNRESET. Benign.";

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
