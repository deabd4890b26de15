namespace BrokenPipeTools.Probes;

/// <summary>
/// Waits for the peer to close, then reads, writes, and writes again. The reported read is the one that returned the close. Without a payload, each
/// write sends one byte, a line feed.
/// </summary>
internal sealed class PeerCloseProbe : ProbeAction
{
    public override async Task RunAsync(ProbeConnection connection, CancellationToken cancellation)
    {
        await connection.SendRequestAsync(cancellation).ConfigureAwait(false);
        Arrival end = await connection.AwaitCloseAsync(connection.Options.WaitLimit, cancellation).ConfigureAwait(false);
        if (end.Kind is ArrivalKind.End or ArrivalKind.Failed)
            await connection.WriteAfterCloseAsync(cancellation).ConfigureAwait(false);
    }
}
