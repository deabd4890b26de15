using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Serving;

/// <summary>
/// The servers that this process runs, whichever runspace started them: a server started in a parallel block can be stopped from the
/// prompt. All of them stop with the process, so that no Unix-domain socket's file is left behind.
/// </summary>
internal static class ServerRegistry
{
    private static readonly ConcurrentDictionary<int, Entry> Entries = new();

    static ServerRegistry() => AppDomain.CurrentDomain.ProcessExit += (_, _) => StopWhere(_ => true);

    /// <summary>The servers that run, by id.</summary>
    public static IEnumerable<FaultServer> Running => Entries.Values.Select(e => e.Server).Where(s => s.IsRunning).OrderBy(s => s.Id);

    /// <summary>Starts one and remembers it.</summary>
    /// <exception cref="ServerStartException">It could not be started.</exception>
    public static FaultServer Start(FaultServerOptions options)
    {
        FaultServer server = FaultServer.Start(options);
        Entries[server.Id] = new Entry(server, new WeakReference<Runspace?>(Runspace.DefaultRunspace));
        return server;
    }

    /// <summary>The running server of that id; null if there is none.</summary>
    public static FaultServer? Find(int id) => Entries.TryGetValue(id, out Entry? entry) && entry.Server.IsRunning ? entry.Server : null;

    /// <summary>Stops it. Stopping it again does nothing.</summary>
    public static void Stop(FaultServer server)
    {
        server.Stop();
        Entries.TryRemove(server.Id, out _);
    }

    /// <summary>
    /// The module leaves a runspace: that runspace's servers stop, and those whose runspace has ended. Another runspace that has the
    /// module too keeps its own.
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

    private sealed record Entry(FaultServer Server, WeakReference<Runspace?> Owner);
}
