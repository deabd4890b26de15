using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>Ends the connection as soon as it is there: with TLS, before the handshake.</summary>
internal sealed class TurnAwayService : Service
{
    public override bool BeginsBeforeTls => true;

    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        if (conversation.Behavior == ServerBehavior.ResetOnAccept)
            return Farewell.Reset;
        await conversation.DiscardAvailableAsync().ConfigureAwait(false); // a client may be quick; unread, its bytes would make the FIN a RST
        return conversation.OwnFarewell;
    }
}
