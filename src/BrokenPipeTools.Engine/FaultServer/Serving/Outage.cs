using System.Net.Sockets;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>A way to keep clients out before their connections are accepted.</summary>
internal abstract class Outage : IDisposable
{
    /// <summary>The outage of a behavior; null if the behavior acts on an accepted connection.</summary>
    public static Outage? For(ServerBehavior behavior) => behavior switch
    {
        ServerBehavior.Refuse => new RefuseOutage(),
        ServerBehavior.FullBacklog => new FullBacklogOutage(),
        ServerBehavior.DropSyn when OperatingSystem.IsLinux() => new DropSynOutage(),
        ServerBehavior.LateAccept => new LateAcceptOutage(),
        _ => null,
    };

    /// <summary>Whether a behavior is one.</summary>
    public static bool Is(ServerBehavior behavior) =>
        behavior is ServerBehavior.Refuse or ServerBehavior.FullBacklog or ServerBehavior.DropSyn or ServerBehavior.LateAccept;

    /// <summary>Whether it needs Linux: other systems answer a full queue with RST, and have no filters of sockets, or others.</summary>
    public static bool NeedsLinux(ServerBehavior behavior) => behavior is ServerBehavior.FullBacklog or ServerBehavior.DropSyn;

    /// <summary>Begins. The listener may not listen yet.</summary>
    /// <exception cref="SocketException">The system does not let it.</exception>
    public abstract void Begin(Listener listener);

    /// <summary>Ends the outage: after that the server listens as usual.</summary>
    /// <exception cref="SocketException">The system does not let it.</exception>
    public abstract void End(Listener listener);

    /// <summary>Frees what it has opened. The listener is left as it is.</summary>
    public virtual void Dispose()
    {
    }
}
