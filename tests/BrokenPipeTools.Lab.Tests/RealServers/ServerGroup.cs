using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>The cases of one server. One process serves all of them, each on its own port.</summary>
/// <param name="Program">The server.</param>
/// <param name="Cases">The cases of the server.</param>
/// <param name="Configure">Configures and starts the server on these ports: first those of the cases in order, then any other port that it needs.</param>
internal sealed record ServerGroup(ServerProgram Program, ServerCase[] Cases, Action<RealServer, int[]> Configure)
{
    private const int Interrupt = 2; // SIGINT: PostgreSQL then ends its sessions; after SIGTERM it would wait for them

    public static ServerGroup[] All { get; } =
    [
        new(ServerProgram.Nginx, NginxCases.All, NginxCases.Start),
        new(ServerProgram.Apache, ApacheCases.All, ApacheCases.Start),
        new(ServerProgram.HAProxy, HAProxyCases.All, HAProxyCases.Start) { MorePorts = 1 },
        new(ServerProgram.Redis, [DaemonCases.Redis], DaemonCases.StartRedis),
        new(ServerProgram.Postgres, [DaemonCases.Postgres, DaemonCases.PostgresSession], DaemonCases.StartPostgres) { StopSignal = Interrupt },
        new(ServerProgram.Sshd, [DaemonCases.Sshd], DaemonCases.StartSshd),
    ];

    /// <summary>The cases of all servers, in the order of the table.</summary>
    public static ServerCase[] AllCases { get; } = [.. All.SelectMany(group => group.Cases)];

    private int MorePorts { get; init; }

    private int StopSignal { get; init; } = 15; // SIGTERM

    /// <summary>Starts the server in its own folder, on free ports.</summary>
    public RunningServer Start()
    {
        RealServer server = RealServer.Prepare(StopSignal);
        try
        {
            int[] ports = RealServer.FreePorts(Cases.Length + MorePorts);
            Configure(server, ports);
            return new RunningServer(server, ports);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Runs all cases on all addresses in parallel.</summary>
    /// <returns>For each case one result per address, first that of IPv4.</returns>
    public async Task<Dictionary<ServerCase, TeardownTest[]>> RunAsync(RunningServer server)
    {
        (ServerCase Case, Task<TeardownTest[]> Tests)[] running = [.. Cases.Select((c, i) => (c, Task.Factory.StartNew(() => Probe(c, server.Ports[i]), TaskCreationOptions.LongRunning)))];
        Dictionary<ServerCase, TeardownTest[]> results = [];
        foreach ((ServerCase probed, Task<TeardownTest[]> tests) in running)
            results[probed] = await tests.ConfigureAwait(false);
        return results;
    }

    /// <summary>Runs one case alone on all addresses.</summary>
    public TeardownTest[] Run(RunningServer server, ServerCase probed) => Probe(probed, server.Ports[Array.IndexOf(Cases, probed)]);

    private static TeardownTest[] Probe(ServerCase probed, int port)
    {
        TeardownTarget[] targets = [.. ServerCase.Addresses.Select(address => new TeardownTarget(address.ToString(), port))];
        return [.. TeardownProbe.Run(targets, probed.Options).OrderByDescending(test => test.Address.Length)];
    }
}

/// <summary>A server that has started.</summary>
/// <param name="Server">The process of the server and its folder.</param>
/// <param name="Ports">The ports of the server's cases, in their order.</param>
internal sealed record RunningServer(RealServer Server, int[] Ports) : IDisposable
{
    public void Dispose() => Server.Dispose();
}
