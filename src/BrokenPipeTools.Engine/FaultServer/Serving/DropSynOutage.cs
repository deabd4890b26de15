using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// A filter on the listening socket drops every SYN before TCP sees it. For the client this looks like a firewall that drops packets, and other
/// servers are not affected. Some kernels permit the filter only to root.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DropSynOutage : Outage
{
    /// <summary>Checks at the start whether the system permits the filter, so that it does not fail in the middle of a sequence.</summary>
    /// <exception cref="ServerStartException">The system does not permit the filter.</exception>
    public static void Require(Listener listener)
    {
        try
        {
            listener.Use(socket =>
            {
                SynFilter.Attach(socket);
                SynFilter.Detach(socket);
            });
        }
        catch (SocketException e)
        {
            throw new ServerStartException(ServerProblemId.ListenAccessDenied, $"DropSyn: the system does not permit a filter on a socket ({SocketErrors.Name(e)}); run it as root, or use FullBacklog", e);
        }
    }

    public override void Begin(Listener listener) => listener.Use(socket =>
    {
        SynFilter.Attach(socket);
        listener.Listen();
    });

    public override void End(Listener listener) => listener.Use(SynFilter.Detach);
}
