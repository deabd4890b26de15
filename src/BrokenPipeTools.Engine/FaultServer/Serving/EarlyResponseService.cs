namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Answers on the head of a request alone and closes with the body unread, as servers do whose limit for uploads is exceeded: the
/// RST may destroy the answer before the client reads it (RFC 9112, section 9.6).
/// </summary>
internal sealed class EarlyResponseService : Service
{
    /// <summary>A client that has no more to send has nothing to be reset for.</summary>
    private static readonly TimeSpan UploadAwaited = TimeSpan.FromSeconds(1);

    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        if (!await RequestCameAsync(connection, leaveBody: true).ConfigureAwait(false))
            return CloseMode.ClientClosed;
        await connection.SendAsync(HttpAnswer.ContentTooLarge.ToBytes()).ConfigureAwait(false);
        int count = await connection.ReceiveAsync(new byte[1], UploadAwaited, peek: true).ConfigureAwait(false);
        return count == 0 ? CloseMode.ClientClosed : CloseMode.Close;
    }
}
