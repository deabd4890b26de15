using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios;

/// <summary>Ends the connection as soon as it is there.</summary>
internal sealed class TurnAwayService : Service
{
    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        if (conversation.Options.Behavior == ServerBehavior.ResetOnAccept)
            return Farewell.Reset;
        await conversation.DiscardAvailableAsync().ConfigureAwait(false); // a client may be quick; unread, its bytes would make the FIN a RST
        return conversation.OwnFarewell;
    }
}
