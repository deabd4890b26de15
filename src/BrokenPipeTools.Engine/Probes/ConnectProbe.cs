namespace BrokenPipeTools.Probes;

/// <summary>
/// Only the connect, which was made before. A RST that arrived before connect returned is noted; any other close of the peer is not
/// waited for.
/// </summary>
internal sealed class ConnectProbe : ProbeAction
{
    public override Task RunAsync(ProbeConnection connection, CancellationToken cancellation) =>
        connection.Socket.ResetInConnect is null ? Task.CompletedTask : connection.AwaitCloseAsync(connection.Patience, cancellation);
}
