using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>Reads the request and ends the connection without an answer.</summary>
internal sealed class HangUpService : Service
{
    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        if (!await RequestCameAsync(conversation).ConfigureAwait(false))
            return Farewell.ClientClosed;
        if (conversation.Behavior == ServerBehavior.ResetAfterRequest)
            return Farewell.Reset;
        await conversation.DiscardAvailableAsync().ConfigureAwait(false);
        return conversation.OwnFarewell;
    }
}
