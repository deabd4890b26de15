namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>Each request meets the next behaviour of the sequence, whose turn comes with the request's first byte.</summary>
internal sealed class RequestSequenceService(BehaviorSequence sequence) : Service
{
    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        byte[] first = new byte[1];
        while (true)
        {
            if (await conversation.ReceiveAsync(first, peek: true).ConfigureAwait(false) == 0)
                return Farewell.ClientClosed;
            Farewell farewell = await For(conversation.Meet(sequence.Take())).ServeAsync(conversation).ConfigureAwait(false);
            if (farewell != Farewell.NextRequest)
                return farewell;
        }
    }
}
