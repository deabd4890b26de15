namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>FIN after the request, then reading until the client closes: its writes still succeed (RFC 9293, section 3.6).</summary>
internal sealed class HalfCloseService : Service
{
    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        if (!await RequestCameAsync(conversation).ConfigureAwait(false))
            return Farewell.ClientClosed;
        await conversation.FinishSendingAsync().ConfigureAwait(false);
        await conversation.DiscardAsync().ConfigureAwait(false);
        return Farewell.Finish;
    }
}
