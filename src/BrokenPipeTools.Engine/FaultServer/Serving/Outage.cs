using System.Net.Sockets;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>A way to keep clients out before their connections are accepted.</summary>
internal abstract class Outage : IDisposable
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

    /// <summary>Returns whether the outage works only on Linux. Other systems answer a full queue with RST, and have no such socket filters.</summary>
    public static bool NeedsLinux(ServerBehavior behavior) => behavior is ServerBehavior.FullBacklog or ServerBehavior.DropSyn;

    /// <summary>Begins the outage. The listener need not listen yet.</summary>
    /// <exception cref="SocketException">The system does not permit the outage.</exception>
    public abstract void Begin(Listener listener);

    /// <summary>Ends the outage: after that the server listens as usual.</summary>
    /// <exception cref="SocketException">The system does not permit listening.</exception>
    public abstract void End(Listener listener);

    /// <summary>Frees the resources of the outage. The listener is not changed.</summary>
    public virtual void Dispose()
    {
    }
}
