using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using BrokenPipeTools.FaultServer;

namespace BrokenPipeTools.Serving;

/// <summary>
/// The servers of this process, from all runspaces. A server that was started in a parallel block can therefore be stopped at the prompt. All servers
/// stop when the process ends, so that no file of a Unix-domain socket remains.
/// </summary>
internal static class ServerRegistry
{
    private static readonly ConcurrentDictionary<int, Entry> Entries = new();

    static ServerRegistry() => AppDomain.CurrentDomain.ProcessExit += (_, _) => StopWhere(_ => true);

    /// <summary>The running servers, by id.</summary>
    public static IEnumerable<BrokenPipeServer> Running => Entries.Values.Select(e => e.Server).Where(s => s.IsRunning).OrderBy(s => s.Id);

    /// <summary>Starts a server and adds it.</summary>
    /// <exception cref="ServerStartException">The server could not be started.</exception>
    public static BrokenPipeServer Start(BrokenPipeServerOptions options)
    {
        BrokenPipeServer server = BrokenPipeServer.Start(options);
        Entries[server.Id] = new Entry(server, new WeakReference<Runspace?>(Runspace.DefaultRunspace));
        return server;
    }

    /// <summary>Returns the running server with that id; null if there is none.</summary>
    public static BrokenPipeServer? Find(int id) => Entries.TryGetValue(id, out Entry? entry) && entry.Server.IsRunning ? entry.Server : null;

    /// <summary>Stops a server. Stopping it again does nothing.</summary>
    public static void Stop(BrokenPipeServer server)
    {
        server.Stop();
        Entries.TryRemove(server.Id, out _);
    }

    /// <summary>
    /// Stops the servers of a runspace from which the module is removed, and those whose runspace has ended. The servers of other runspaces continue.
    /// </summary>
    public static void StopOfThisRunspace()
    {
        Runspace? here = Runspace.DefaultRunspace;
        StopWhere(owner => owner is null || ReferenceEquals(owner, here) || owner.RunspaceStateInfo.State != RunspaceState.Opened);
    }

    private static void StopWhere(Func<Runspace?, bool> ofOwner)
    {
        foreach (Entry entry in Entries.Values)
        {
            entry.Owner.TryGetTarget(out Runspace? owner);
            if (ofOwner(owner))
                Stop(entry.Server);
        }
    }

    private sealed record Entry(BrokenPipeServer Server, WeakReference<Runspace?> Owner);
}
