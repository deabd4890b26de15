using System.Net.Sockets;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>A way to prevent clients from connecting.</summary>
internal abstract class Outage
{
    /// <summary>Returns the outage of a behavior; null if the behavior acts on an accepted connection.</summary>
    public static Outage? For(ServerBehavior behavior) => behavior switch
    {
        ServerBehavior.Refuse => new RefuseOutage(),
        ServerBehavior.FullBacklog => new FullBacklogOutage(),
        ServerBehavior.DropSyn when OperatingSystem.IsLinux() => new DropSynOutage(),
        ServerBehavior.LateAccept => new LateAcceptOutage(),
        _ => null,
    };

    /// <summary>Returns whether a behavior is an outage.</summary>
    public static bool Is(ServerBehavior behavior) =>
        behavior is ServerBehavior.Refuse or ServerBehavior.FullBacklog or ServerBehavior.DropSyn or ServerBehavior.LateAccept;

    /// <summary>Returns whether it needs Linux: other systems answer a full queue with RST, and have no filters of sockets, or different ones.</summary>
    public static bool NeedsLinux(ServerBehavior behavior) => behavior is ServerBehavior.FullBacklog or ServerBehavior.DropSyn;

    /// <summary>Begins the outage. The listener may not be listening yet.</summary>
    /// <exception cref="SocketException">The system does not permit it.</exception>
    public abstract void Begin(Listener listener);

    /// <summary>Ends the outage: after that the server listens as usual.</summary>
    /// <exception cref="SocketException">The system does not permit it.</exception>
    public abstract void End(Listener listener);
}
