using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Ends the connection as soon as it is there: with TLS, before the handshake.</summary>
internal sealed class TurnAwayService : Service
{
    public override bool BeginsBeforeTls => true;

    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        if (connection.Behavior == ServerBehavior.ResetOnAccept)
            return CloseMode.Reset;
        await connection.DiscardAvailableAsync().ConfigureAwait(false); // a client may be quick; unread, its bytes would make the FIN a RST
        return connection.OwnCloseMode;
    }
}
