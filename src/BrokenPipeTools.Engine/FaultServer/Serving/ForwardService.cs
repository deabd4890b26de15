using System.Net.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Passes a connection on to the upstream server: bytes, half-closes and RSTs in both directions. Past its limit the side that is to
/// meet the fault gets FIN, RST or nothing more; after FIN or RST the other side gets FIN.
/// </summary>
internal sealed class ForwardService : Service
{
    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        UpstreamTarget target = UpstreamTarget.Parse(connection.Options.Upstream!)!; // judged at the start
        connection.Upstream = target.ToString();
        Socket? socket;
        try
        {
            socket = await new UpstreamConnect(connection, target).RunAsync().ConfigureAwait(false);
        }
        catch (SocketException)
        {
            connection.Upstream = null; // the client failed, and nothing was passed on
            throw;
        }

        if (socket is null)
        {
            connection.Upstream = null;
            return CloseMode.ClientClosed;
        }

        UpstreamEnd upstream = new(socket);
        Forwarding forwarding = new(connection, upstream);
        try
        {
            connection.SendAtOnce(); // fails if the client was evicted meanwhile
            return await forwarding.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            await upstream.CloseAsync(forwarding.ResetsUpstream).ConfigureAwait(false);
        }
    }
}
