namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// The server does not accept: the kernel completes handshakes, and the connections wait in the accept queue with the data of their clients.
/// </summary>
internal sealed class LateAcceptOutage : Outage
{
    public override void Begin(Listener listener) => listener.Listen();

    public override void End(Listener listener)
    {
        // Nothing to do: the next accept returns the connections that wait.
    }
}
