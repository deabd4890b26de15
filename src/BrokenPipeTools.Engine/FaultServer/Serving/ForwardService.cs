using System.Net.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Forwards a connection to the upstream server: bytes, half-closes and RSTs in both directions. When a limit is reached, the chosen side gets FIN,
/// RST or no more bytes. After FIN or RST, the other side gets FIN.
/// </summary>
internal sealed class ForwardService : Service
{
    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        CancellationToken over = connection.Over;
        await connection.UpstreamSlot.BeginAsync(over).ConfigureAwait(false);
        try
        {
            UpstreamTarget target = UpstreamTarget.Parse(connection.Options.Upstream!)!; // was checked at the start
            connection.Upstream = target.ToString();
            return await ConnectAsync(connection, target, over).ConfigureAwait(false) is { } socket
                ? await PassOnAsync(connection, new UpstreamEnd(socket)).ConfigureAwait(false)
                : CloseMode.ClientClosed;
        }
        finally
        {
            connection.UpstreamSlot.End();
        }
    }

    /// <summary>Connects to the upstream server. Returns null if the client closed first.</summary>
    private static async Task<Socket?> ConnectAsync(ServerConnection connection, UpstreamTarget target, CancellationToken over)
    {
        try
        {
            Socket? socket = await new UpstreamConnect(connection, target, over).RunAsync().ConfigureAwait(false);
            if (socket is null)
                connection.Upstream = null; // nothing was forwarded
            return socket;
        }
        catch (SocketException)
        {
            connection.Upstream = null; // the client failed first
            throw;
        }
    }

    private static async Task<CloseMode> PassOnAsync(ServerConnection connection, UpstreamEnd upstream)
    {
        Forwarding forwarding = new(connection, upstream);
        try
        {
            connection.SendAtOnce(); // fails if the client was evicted in the meantime
            return await forwarding.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            await upstream.CloseAsync(forwarding.ResetsUpstream).ConfigureAwait(false);
        }
    }
}
