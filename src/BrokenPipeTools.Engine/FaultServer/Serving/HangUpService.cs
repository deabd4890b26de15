using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Reads the request and ends the connection without an answer.</summary>
internal sealed class HangUpService : Service
{
    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        if (!await RequestCameAsync(connection).ConfigureAwait(false))
            return CloseMode.ClientClosed;
        if (connection.Behavior == ServerBehavior.ResetAfterRequest)
            return CloseMode.Reset;
        await connection.DiscardAvailableAsync().ConfigureAwait(false);
        return connection.OwnCloseMode;
    }
}
