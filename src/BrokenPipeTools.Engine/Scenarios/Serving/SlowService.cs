namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>Sends the answer one byte per interval. Notices immediately that a client gives up, not at the next byte.</summary>
internal sealed class SlowService : Service
{
    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        if (!await RequestCameAsync(conversation).ConfigureAwait(false))
            return Farewell.ClientClosed;
        conversation.SendAtOnce();
        byte[] answer = HttpAnswer.Page(conversation).ToBytes();
        for (int i = 0; i < answer.Length; i++)
        {
            if (i > 0 && await conversation.DiscardAsync(conversation.Options.Interval).ConfigureAwait(false) == 0)
                return Farewell.ClientClosed;
            await conversation.SendAsync(answer.AsMemory(i, 1)).ConfigureAwait(false);
        }

        return conversation.OwnFarewell;
    }
}
