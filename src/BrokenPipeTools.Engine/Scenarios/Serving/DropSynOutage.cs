using System.Runtime.Versioning;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>
/// A filter on the listening socket drops every SYN before TCP sees it: for the client the same as a firewall that drops, and it needs
/// neither a firewall nor a right.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DropSynOutage : Outage
{
    public override void Begin(Listener listener) => listener.Use(socket =>
    {
        SynFilter.Attach(socket);
        listener.Listen();
    });

    public override void End(Listener listener) => listener.Use(SynFilter.Detach);
}
