using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Resets the connection before, during or after the TLS handshake.</summary>
internal sealed class HandshakeService : Service
{
    public override bool BeginsBeforeTls => true;

    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        if (connection.Behavior == ServerBehavior.ResetBeforeHandshake)
            return await connection.ReceiveAsync(new byte[4096]).ConfigureAwait(false) == 0 ? CloseMode.ClientClosed : CloseMode.Reset;
        await connection.ShakeHandsAsync(serverHelloOnly: connection.Behavior == ServerBehavior.ResetDuringHandshake).ConfigureAwait(false);
        return CloseMode.Reset;
    }
}
