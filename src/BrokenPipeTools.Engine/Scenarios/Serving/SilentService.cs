namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>Reads, and never answers.</summary>
internal sealed class SilentService : Service
{
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    public override async Task<Farewell> ServeAsync(Conversation conversation) =>
        await conversation.DiscardAsync(Patience).ConfigureAwait(false) == 0 ? Farewell.ClientClosed : conversation.OwnFarewell;
}
