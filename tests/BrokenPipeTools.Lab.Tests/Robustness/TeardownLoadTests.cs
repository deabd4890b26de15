using System.Diagnostics;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>Two hundred targets, 64 at a time: a probe frees its resources, and results are returned while other targets wait.</summary>
[Collection(nameof(WholeProcess))]
public sealed class TeardownLoadTests
{
    private const int Targets = 200;

    [Fact]
    public void Two_hundred_targets_leak_neither_sockets_nor_threads()
    {
        using BrokenPipeServer closes = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.CloseOnAccept });
        using BrokenPipeServer waits = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.IdleTimeout, IdleTimeout = TimeSpan.FromMilliseconds(500) });
        TeardownOptions options = new() { ThrottleLimit = 64, WaitLimit = TimeSpan.FromSeconds(60) };
        Run(closes, waits, options); // the runtime has done its one-time work now
        using Process self = Process.GetCurrentProcess();
        (int sockets, int threads) = (Sockets(), Threads(self));

        int most = 0;
        List<TeardownTest> tests = Run(closes, waits, options, () => most = Math.Max(most, Threads(self)));
        Assert.Equal(Targets, tests.Count);
        Assert.All(tests, test => Assert.True(test is { Status: TeardownStatus.Completed, Mechanism: CloseMechanism.Fin, SecondWriteAfterClose: "EPIPE" }, test.Explanation));
        Assert.True(SpinWait.SpinUntil(() => closes.Open + waits.Open == 0, TimeSpan.FromSeconds(60)));
        Assert.True(SpinWait.SpinUntil(() => Sockets() <= sockets, TimeSpan.FromSeconds(60)), $"{Sockets()} sockets, before {sockets}");
        Assert.True(most - threads < 32, $"{most} threads for 64 probes at once, before {threads}");

        // Every second one waits half a second for its server; the others finished before.
        int firstThatWaited = tests.FindIndex(test => test.Port == waits.Port);
        Assert.True(firstThatWaited > 0 && tests.FindLastIndex(test => test.Port == closes.Port) > firstThatWaited, "results came in the order of the targets");
    }

    [Fact]
    public void A_stopped_run_closes_its_connections()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.NeverAnswer });
        using (TeardownRun run = new(new TeardownOptions { ThrottleLimit = 32 }))
        {
            for (int i = 0; i < 100; i++)
                run.Add(new TeardownTarget("127.0.0.1", server.Port));
            run.Complete();
            Assert.True(SpinWait.SpinUntil(() => server.Open == 32, TimeSpan.FromSeconds(60)), $"{server.Open} at once");
        }

        Assert.True(SpinWait.SpinUntil(() => server.Open == 0, TimeSpan.FromSeconds(60)), $"{server.Open} still open");
        Assert.Equal(32, server.Accepted);
    }

    [Fact]
    public async Task Results_that_are_not_read_make_the_probes_wait()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.CloseOnAccept });
        server.Stop(); // refused immediately
        using TeardownRun run = new(new TeardownOptions { Probes = [TeardownProbeKind.Connect], Count = 3_000, Delay = TimeSpan.Zero });
        Task<bool?> passed = run.AddAsync(new TeardownTarget("127.0.0.1", server.Port));
        run.Complete();
        int taken = 0;
        Assert.False(SpinWait.SpinUntil(() => passed.IsCompleted, TimeSpan.FromSeconds(4))); // there is room for 1,000
        for (int last = 0; run.TryTake(TimeSpan.FromSeconds(60), out TeardownTest? test); last = test.Iteration)
        {
            Assert.Equal(last + 1, test.Iteration);
            taken++;
        }

        Assert.Equal(3_000, taken);
        Assert.False(await passed);
    }

    private static List<TeardownTest> Run(BrokenPipeServer even, BrokenPipeServer odd, TeardownOptions options, Action? look = null)
    {
        List<TeardownTest> tests = [];
        foreach (TeardownTest test in TeardownProbe.Run(Enumerable.Range(0, Targets).Select(i => new TeardownTarget("127.0.0.1", (i % 2 == 0 ? even : odd).Port)), options))
        {
            tests.Add(test);
            look?.Invoke();
        }

        return tests;
    }

    private static int Threads(Process self)
    {
        self.Refresh();
        return self.Threads.Count;
    }

    /// <summary>Returns the number of sockets of this process, including the listeners. They are counted only on Linux.</summary>
    private static int Sockets() => OperatingSystem.IsLinux()
        ? Directory.GetFiles("/proc/self/fd").Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
        : 0;
}
