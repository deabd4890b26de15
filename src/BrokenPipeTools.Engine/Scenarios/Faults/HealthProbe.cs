using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// The check that load balancers use to find out if a program listens: connect, then reset. The server logs it as an error, but it is not one.
/// </summary>
internal sealed class HealthProbe : Scenario
{
    public override string Summary => "A health probe connects and resets, three times at a fixed interval: each time the server's read returns ECONNRESET. Benign.";

    public override IReadOnlyList<ExpectedClose> Packets =>
    [
        new(CloseState.Reset, "C:RST", Cause.HealthProbe),
        new(CloseState.Reset, "C:RST", Cause.HealthProbe),
        new(CloseState.Reset, "C:RST", Cause.HealthProbe),
    ];

    internal override void Play(Stage stage)
    {
        TracedSocket listener = stage.Listen();
        for (int probe = 0; probe < 3; probe++)
        {
            (TracedSocket client, TracedSocket server) = stage.Connect(listener);
            client.Abort();
            server.Receive().Expect("ECONNRESET");
            server.Close();
            stage.Wait(TimeSpan.FromMilliseconds(200));
        }
    }
}
