using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Ends the connection immediately after the accept; with TLS, before the handshake.</summary>
internal sealed class TurnAwayService : Service
{
    public override bool BeginsBeforeTls => true;

    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        if (connection.Behavior == ServerBehavior.ResetOnAccept)
            return CloseMode.Reset;
        await connection.DiscardAvailableAsync().ConfigureAwait(false); // a client may have sent data already; if they were unread, the kernel would send RST in place of FIN
        return connection.OwnCloseMode;
    }
}
