namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Reads until the client closes; the log keeps the beginning of the text.</summary>
internal sealed class SinkService : Service
{
    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        await connection.DiscardAsync().ConfigureAwait(false);
        return CloseMode.ClientClosed;
    }
}
