namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Answers after the head of a request and closes with the body unread, as servers do if an upload is too large. The RST may destroy the answer
/// before the client reads it (RFC 9112, section 9.6).
/// </summary>
internal sealed class EarlyResponseService : Service
{
    /// <summary>How long to wait for the client's upload. If no more data come, nothing causes a RST.</summary>
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
