namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>
/// Answers on the head of a request alone and closes with the body unread, as servers do whose limit for uploads is exceeded: the
/// RST may destroy the answer before the client reads it (RFC 9112, section 9.6).
/// </summary>
internal sealed class EarlyResponseService : Service
{
    /// <summary>A client that has no more to send has nothing to be reset for.</summary>
    private static readonly TimeSpan UploadAwaited = TimeSpan.FromSeconds(1);

    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        if (!await RequestCameAsync(conversation, leaveBody: true).ConfigureAwait(false))
            return Farewell.ClientClosed;
        await conversation.SendAsync(HttpAnswer.ContentTooLarge.ToBytes()).ConfigureAwait(false);
        int count = await conversation.ReceiveAsync(new byte[1], UploadAwaited, peek: true).ConfigureAwait(false);
        return count == 0 ? Farewell.ClientClosed : Farewell.Close;
    }
}
