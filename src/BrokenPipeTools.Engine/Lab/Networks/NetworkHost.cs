using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Sockets;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Lab.Networks;

/// <summary>A separate host: a network namespace with its interfaces, its variables and its firewall.</summary>
[SupportedOSPlatform("linux")]
internal sealed class NetworkHost : IDisposable
{
    /// <summary>
    /// The number of retries for a closed socket whose FIN or data are not answered. Such a socket keeps the namespace alive until the kernel gives
    /// up, by default for minutes. With one retry the namespace is removed within a second (Documentation/networking/ip-sysctl.rst,
    /// tcp_orphan_retries).
    /// </summary>
    private const string OrphanRetries = "net.ipv4.tcp_orphan_retries";

    private const int WriteOnly = 1; // O_WRONLY
    private const int CheckMilliseconds = 2;

    /// <exception cref="InvalidOperationException">The kernel does not allow it.</exception>
    public NetworkHost()
    {
        Namespace = NetworkNamespace.Create();
        try
        {
            Sysctl(OrphanRetries, 1);
            Configure("link set lo up");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkNamespace Namespace { get; }

    /// <summary>Opens a socket of this host.</summary>
    /// <exception cref="InvalidOperationException">The kernel does not allow it.</exception>
    public Socket OpenSocket(AddressFamily family, SocketType type, ProtocolType protocol) => Namespace.OpenSocket(family, type, protocol);

    /// <summary>Runs a command on the host. Returns the output of the command.</summary>
    /// <exception cref="InvalidOperationException">The command failed.</exception>
    public string Run(string command, params string[] arguments) => Run(command, arguments, "");

    /// <summary>Runs commands of ip(8).</summary>
    /// <exception cref="InvalidOperationException">A command failed.</exception>
    public void Configure(params IEnumerable<string> commands) => Run("ip", ["-batch", "-"], string.Join('\n', commands) + "\n");

    /// <summary>
    /// Waits until the interfaces transmit packets, a little after the kernel reports "up" (net/core/link_watch.c; for IPv6 addresses
    /// net/ipv6/addrconf.c, addrconf_dad_work). Packets that are sent earlier are lost and retransmitted a second later.
    /// </summary>
    /// <exception cref="InvalidOperationException">The interfaces do not become ready in time.</exception>
    public void AwaitLinks()
    {
        for (long begin = Environment.TickCount64; Lacking() is { } line; Thread.Sleep(CheckMilliseconds))
        {
            if (Environment.TickCount64 - begin > TracedSocket.MaxWait.TotalMilliseconds)
                throw new InvalidOperationException($"an interface does not become active: {line}");
        }
    }

    /// <summary>Sets a variable of this host's kernel, by its name in sysctl(8).</summary>
    /// <exception cref="InvalidOperationException">There is no variable of that name, or it does not accept the value.</exception>
    public void Sysctl(string name, int value)
    {
        try
        {
            using SafeFileHandle file = Namespace.OpenFile("/proc/sys/" + name.Replace('.', '/'), WriteOnly);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)), 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException($"{name} = {value}: {e.Message}", e);
        }
    }

    /// <summary>Replaces the host's firewall by one chain (nft(8)) for both IP versions.</summary>
    /// <param name="hook">The point at which the chain filters: <c>forward</c>, <c>input</c> or <c>output</c>.</param>
    /// <param name="rules">The rules, one in each text.</param>
    /// <exception cref="InvalidOperationException">nft does not accept them.</exception>
    public void Firewall(string hook, params IEnumerable<string> rules) => LoadRules(ChainOf(hook, "filter", "filter", rules));

    /// <summary>Replaces the host's firewall by one that also translates the addresses of forwarded packets.</summary>
    /// <exception cref="InvalidOperationException">nft does not accept it.</exception>
    public void Translate(string translation, params IEnumerable<string> rules) =>
        LoadRules(ChainOf("postrouting", "nat", "srcnat", [translation]) + ChainOf("forward", "filter", "filter", rules));

    public void Dispose() => Namespace.Dispose();

    private static string ChainOf(string hook, string type, string priority, IEnumerable<string> rules) =>
        $"table inet scenario {{\nchain {hook} {{\ntype {type} hook {hook} priority {priority}\n{string.Join('\n', rules)}\n}}\n}}\n";

    /// <summary>Returns the name of an interface without a carrier, or with an address that cannot be used yet; null if there is none.</summary>
    private string? Lacking() =>
        Run("ip", "-oneline", "link", "show", "up").Split('\n').FirstOrDefault(link => link.Contains("NO-CARRIER", StringComparison.Ordinal) || link.Contains("DOWN", StringComparison.Ordinal))
        ?? Run("ip", "-oneline", "address", "show", "tentative").Split('\n').FirstOrDefault(address => address.Contains("tentative", StringComparison.Ordinal));

    private void LoadRules(string rules) => Run("nft", ["-f", "-"], "flush ruleset\n" + rules);

    private string Run(string command, string[] arguments, string input) => SystemCommand.Run(command, arguments, input, Namespace);
}
