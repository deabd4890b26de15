namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>Reads until the client closes; the log keeps the beginning of the text.</summary>
internal sealed class SinkService : Service
{
    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        await conversation.DiscardAsync().ConfigureAwait(false);
        return Farewell.ClientClosed;
    }
}
