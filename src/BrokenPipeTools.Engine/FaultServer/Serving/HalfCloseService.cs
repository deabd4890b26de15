namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Sends FIN after the request, then reads until the client closes: the client's writes still succeed (RFC 9293, section 3.6).</summary>
internal sealed class HalfCloseService : Service
{
    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        if (!await RequestCameAsync(connection).ConfigureAwait(false))
            return CloseMode.ClientClosed;
        await connection.FinishSendingAsync().ConfigureAwait(false);
        await connection.DiscardAsync().ConfigureAwait(false);
        return CloseMode.Finish;
    }
}
