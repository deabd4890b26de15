namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>Promises a body and ends in the middle of it: the client must notice that (RFC 9112, section 8).</summary>
internal sealed class TruncatedBodyService : Service
{
    private const int Promised = 10_000;

    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        if (!await RequestCameAsync(conversation).ConfigureAwait(false))
            return Farewell.ClientClosed;
        HttpAnswer answer = HttpAnswer.Page(conversation) with { ClaimedLength = Promised };
        await conversation.SendAsync(answer.ToBytes()).ConfigureAwait(false);
        return conversation.OwnFarewell;
    }
}
