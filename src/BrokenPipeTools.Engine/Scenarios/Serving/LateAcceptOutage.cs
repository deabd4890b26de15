namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>The kernel completes handshakes, and the connections wait in the accept queue with the data of their clients.</summary>
internal sealed class LateAcceptOutage : Outage
{
    public override void Begin(Listener listener) => listener.Listen();

    public override void End(Listener listener)
    {
        // The accept that follows takes those who wait.
    }
}
