using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// A filter on the listening socket drops every SYN before TCP sees it: for the client the same as a firewall that drops, and no
/// other server is concerned. Some kernels permit it to root alone.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DropSynOutage : Outage
{
    /// <summary>Finds out at the start, and not in the middle of a sequence, whether the system permits it.</summary>
    /// <exception cref="ServerStartException">It does not.</exception>
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
