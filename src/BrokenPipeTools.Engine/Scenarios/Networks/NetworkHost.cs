using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;

namespace BrokenPipeTools.Scenarios.Networks;

/// <summary>
/// A host of its own: a thread in a network namespace (network_namespaces(7)) that has no name. It lives no longer than the thread and
/// what was opened on it. A name, as <c>ip netns add</c> gives, would outlive a process that is killed; of this one the kernel removes
/// everything, links and rules included. Sockets made on the thread belong to the namespace and may be used from any other.
/// </summary>
internal sealed class NetworkHost : IDisposable
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET, include/uapi/linux/sched.h

    /// <summary>
    /// A closed socket whose FIN or data nobody answers keeps the namespace in the kernel until it is given up, by default minutes
    /// later; with one try it is gone within a second (Documentation/networking/ip-sysctl.rst, tcp_orphan_retries).
    /// </summary>
    private const string OrphanRetries = "net.ipv4.tcp_orphan_retries";

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    /// <exception cref="InvalidOperationException">The kernel does not let us.</exception>
    public NetworkHost(string name)
    {
        Name = name;

        // Never a thread of the pool: it would carry the namespace to whoever gets it next.
        _thread = new Thread(Work) { IsBackground = true, Name = $"network host: {name}" };
        _thread.Start();
        try
        {
            Handle = Do(Enter);
            Sysctl(OrphanRetries, 1);
            Run("ip", "link", "set", "lo", "up");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the scenario calls it.</summary>
    public string Name { get; }

    /// <summary>The namespace as a path that other processes can open, for as long as the thread lives.</summary>
    public string Handle { get; }

    /// <summary>Does something on the host, and waits for it; what it throws is thrown here.</summary>
    public T Do<T>(Func<T> action)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(action());
            }
#pragma warning disable CA1031 // every exception goes to the caller
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Runs a command on the host and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public string Run(string command, params string[] arguments) => Do(() => SystemCommand.Run(command, arguments));

    /// <summary>Several commands of ip(8) at once, one a line.</summary>
    /// <exception cref="InvalidOperationException">One failed.</exception>
    public void Configure(params IEnumerable<string> commands) => Do(() => SystemCommand.Run("ip", ["-batch", "-"], string.Join('\n', commands) + "\n"));

    /// <summary>Sets a variable of this host's kernel, by its name in sysctl(8).</summary>
    /// <exception cref="InvalidOperationException">There is none of that name, or it does not take the value.</exception>
    public void Sysctl(string name, int value) => Do(() =>
    {
        try
        {
            File.WriteAllText("/proc/sys/" + name.Replace('.', '/'), value.ToString(CultureInfo.InvariantCulture));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{name} = {value}: {e.Message}", e);
        }
    });

    /// <summary>
    /// Replaces the host's firewall by one chain (nft(8), family inet: both IP versions). Rules are kept as they are given.
    /// </summary>
    /// <param name="chain">Where it looks: <c>forward</c>, <c>input</c>, <c>output</c>, <c>postrouting</c>.</param>
    /// <param name="rules">One each; none takes the firewall away.</param>
    /// <exception cref="InvalidOperationException">nft does not take them.</exception>
    public void Firewall(string chain, params string[] rules) => LoadRules(rules.Length == 0 ? "" : ChainOf(chain, "filter", rules));

    /// <summary>Replaces the host's firewall by one that also translates addresses.</summary>
    /// <exception cref="InvalidOperationException">nft does not take it.</exception>
    public void Translate(string translation, params string[] forwardRules) =>
        LoadRules(ChainOf("postrouting", "nat", [translation]) + ChainOf("forward", "filter", forwardRules));

    /// <summary>The thread ends, and with it the namespace.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private static string ChainOf(string hook, string type, IEnumerable<string> rules) =>
        $"table inet scenario {{\nchain {hook} {{\ntype {type} hook {hook} priority {(type == "nat" ? "srcnat" : "filter")}\n{string.Join('\n', rules)}\n}}\n}}\n";

    private static string Enter()
    {
        if (Unshare(NewNetwork) != 0)
            throw new InvalidOperationException($"a network namespace cannot be made: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        return $"/proc/{new FileInfo("/proc/thread-self").LinkTarget}/ns/net";
    }

    [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static extern int Unshare(int flags);

    private void LoadRules(string rules) => Do(() => SystemCommand.Run("nft", ["-f", "-"], "flush ruleset\n" + rules));

    private void Work()
    {
        foreach (Action action in _work.GetConsumingEnumerable())
            action();
    }
}
