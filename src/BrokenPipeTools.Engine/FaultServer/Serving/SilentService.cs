namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Reads, and never answers.</summary>
internal sealed class SilentService : Service
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    public override async Task<CloseMode> ServeAsync(ServerConnection connection) =>
        await connection.DiscardAsync(MaxWait).ConfigureAwait(false) == 0 ? CloseMode.ClientClosed : connection.OwnCloseMode;
}
