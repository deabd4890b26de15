namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Closes when data have arrived, without reading them. Linux and macOS then send RST in place of FIN (RFC 2525, section 2.17; Linux net/ipv4/tcp.c,
/// __tcp_close); FreeBSD 13 sends FIN.
/// </summary>
internal sealed class UnreadDataService : Service
{
    public override async Task<CloseMode> ServeAsync(ServerConnection connection) =>
        await connection.ReceiveAsync(new byte[1], peek: true).ConfigureAwait(false) == 0 ? CloseMode.ClientClosed : CloseMode.Close;
}
