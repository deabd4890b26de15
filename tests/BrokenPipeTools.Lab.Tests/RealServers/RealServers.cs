using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>
/// Probes every installed server when the first result is needed. First all of them are started, then all are probed at the same time, because most
/// of the time is waiting.
/// </summary>
public sealed class RealServers : IAsyncLifetime
{
    /// <summary>A time that is longer than all servers need to start and all probes need together.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(3);

    private readonly Lazy<Dictionary<ServerProgram, Task<Dictionary<ServerCase, TeardownTest[]>>>> _runs;

    private readonly StallWatch _stall = new();

    public RealServers() => _runs = new(Begin);

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Waits for all servers, also for those without a test. Each server is ended after its last case.</summary>
    public async Task DisposeAsync()
    {
        if (_runs.IsValueCreated)
            await Task.WhenAll(_runs.Value.Values).ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(MaxWait);
        _stall.Dispose();
    }

    internal async Task<Measurement> ResultsAsync(ServerCase probed)
    {
        TeardownTest[] tests = (await _runs.Value[probed.Server].WaitAsync(MaxWait))[probed];
        return new Measurement(tests, _stall.Longest);
    }

    /// <summary>Starts the server again, and measures one case alone.</summary>
    internal static Task<Measurement> MeasureAgainAsync(ServerCase probed) => Task.Factory.StartNew(
        () =>
        {
            ServerGroup group = ServerGroup.All.Single(one => one.Program == probed.Server);
            using RunningServer server = group.Start();
            using StallWatch stall = new();
            return new Measurement(group.Run(server, probed), stall.Longest);
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default).WaitAsync(MaxWait);

    private Dictionary<ServerProgram, Task<Dictionary<ServerCase, TeardownTest[]>>> Begin()
    {
        ServerGroup[] groups = [.. ServerGroup.All.Where(group => group.Program.Obstacle is null)];
        Task<RunningServer>[] starting = [.. groups.Select(group => Task.Factory.StartNew(group.Start, TaskCreationOptions.LongRunning))];
        Task ready = Task.WhenAll(starting).ContinueWith(_ => WarmUp(), TaskScheduler.Default); // after all servers have started or failed
        return groups.Zip(starting).ToDictionary(pair => pair.First.Program, pair => RunAsync(pair.First, pair.Second, ready));
    }

    private static async Task<Dictionary<ServerCase, TeardownTest[]>> RunAsync(ServerGroup group, Task<RunningServer> starting, Task ready)
    {
        await ready.ConfigureAwait(false);
        using RunningServer server = await starting.ConfigureAwait(false);
        return await group.RunAsync(server).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes one probe before the others, because the first probe of a process also compiles the code. A server's time starts at its connect, and the
    /// request must not be late.
    /// </summary>
    private void WarmUp()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<TcpClient> accepting = listener.AcceptTcpClientAsync();
        TeardownTarget target = new(IPAddress.Loopback.ToString(), ((IPEndPoint)listener.LocalEndpoint).Port);
        Task<TeardownTest[]> probing = Task.Run(() => TeardownProbe.Run([target], new TeardownOptions { Payload = "a"u8.ToArray() }).ToArray());
        accepting.WaitAsync(ChildProgram.MaxWait).GetAwaiter().GetResult().Dispose();
        probing.WaitAsync(ChildProgram.MaxWait).GetAwaiter().GetResult();
        _stall.Reset();
    }
}
