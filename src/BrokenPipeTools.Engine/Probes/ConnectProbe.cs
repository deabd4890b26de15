namespace BrokenPipeTools.Probes;

/// <summary>
/// Nothing but the connect, which was made before. A RST so quick that connect met it is noted; any other close of the peer is not
/// waited for.
/// </summary>
internal sealed class ConnectProbe : ProbeAction
{
    public override Task RunAsync(ProbeConnection connection, CancellationToken cancellation) =>
        connection.Socket.ResetInConnect is null ? Task.CompletedTask : connection.AwaitCloseAsync(connection.Patience, cancellation);
}
