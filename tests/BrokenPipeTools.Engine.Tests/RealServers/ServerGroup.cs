using System.Net;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>The cases of one server, which one process serves, each on a port of its own.</summary>
/// <param name="Program">The server.</param>
/// <param name="Cases">Its cases.</param>
/// <param name="Start">Configures and starts it on these ports: the cases' in order, and one to spare.</param>
internal sealed record ServerGroup(ServerProgram Program, ServerCase[] Cases, Action<RealServer, int[]> Start)
{
    private const int Interrupt = 2; // SIGINT: PostgreSQL then ends its sessions; SIGTERM waits for them

    public static ServerGroup[] All { get; } =
    [
        new(ServerProgram.Nginx, NginxCases.All, NginxCases.Start),
        new(ServerProgram.Apache, ApacheCases.All, ApacheCases.Start),
        new(ServerProgram.HAProxy, HAProxyCases.All, HAProxyCases.Start),
        new(ServerProgram.Redis, [DaemonCases.Redis], DaemonCases.StartRedis),
        new(ServerProgram.Postgres, [DaemonCases.Postgres], DaemonCases.StartPostgres) { StopSignal = Interrupt },
        new(ServerProgram.Sshd, [DaemonCases.Sshd], DaemonCases.StartSshd),
    ];

    /// <summary>The cases of all servers, in the order of the table.</summary>
    public static ServerCase[] AllCases { get; } = [.. All.SelectMany(group => group.Cases)];

    private int StopSignal { get; init; } = 15; // SIGTERM

    /// <summary>Plays all cases on all addresses at once; the server and its folder are gone when this returns.</summary>
    /// <returns>For each case a result per address, in the order of <see cref="ServerCase.Addresses"/>.</returns>
    public async Task<Dictionary<ServerCase, TeardownTest[]>> PlayAsync()
    {
        using RealServer server = RealServer.Prepare(StopSignal);
        int[] ports = RealServer.FreePorts(Cases.Length + 1);
        Start(server, ports);
        Dictionary<ServerCase, Task<TeardownTest>[]> running = Cases.Select((c, i) => (Case: c, Port: ports[i]))
            .ToDictionary(p => p.Case, p => ServerCase.Addresses.Select(address => Task.Factory.StartNew(() => p.Case.Probe1(address, p.Port), TaskCreationOptions.LongRunning)).ToArray());
        Dictionary<ServerCase, TeardownTest[]> results = [];
        foreach ((ServerCase played, Task<TeardownTest>[] tests) in running)
            results[played] = await Task.WhenAll(tests).ConfigureAwait(false);
        return results;
    }
}
