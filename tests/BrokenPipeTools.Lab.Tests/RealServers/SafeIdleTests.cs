using System.Net;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>
/// Several measurements of one server: after each of them, the limit for a client's pool is below the server's time-out. nginx and HAProxy count
/// milliseconds, Redis whole seconds; the probe does not know that.
/// </summary>
[Collection(nameof(RealServerTests))]
public sealed class SafeIdleTests(ITestOutputHelper output)
{
    private const int Count = 5;

    /// <summary>Seconds by which a server that counts milliseconds, or the probe's pause, may be late on an idle machine.</summary>
    private const double Punctual = 0.1;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.7);

    [ServerTheory(nameof(ServerProgram.Nginx))]
    [InlineData(TeardownProbeKind.Idle)]
    [InlineData(TeardownProbeKind.KeepAliveRace)]
    public void The_idle_limit_for_nginx_is_slightly_below_its_setting(TeardownProbeKind probe) => Holds(ServerProgram.Nginx, probe, least: 1.2);

    [ServerTheory(nameof(ServerProgram.HAProxy))]
    [InlineData(TeardownProbeKind.Idle)]
    public void The_idle_limit_for_HAProxy_is_slightly_below_its_setting(TeardownProbeKind probe) => Holds(ServerProgram.HAProxy, probe, least: 1.2);

    [ServerTheory(nameof(ServerProgram.Redis))]
    [InlineData(TeardownProbeKind.Idle)]
    [InlineData(TeardownProbeKind.KeepAliveRace)]
    public void Redis_counts_whole_seconds(TeardownProbeKind probe) => Holds(ServerProgram.Redis, probe, least: 0.5);

    /// <summary>
    /// The limit is below the setting after each measurement, and slightly below it after all of them. Measurements of a machine that stalls are made
    /// again: if the server or the probe is late, the time is longer and the limit is too high; if only some are late, the spread is wider; if a pause is
    /// longer, the closes may by chance fall into the same part of a second, as those of a server that counts whole seconds.
    /// </summary>
    private void Holds(ServerProgram program, TeardownProbeKind probe, double least)
    {
        const int Attempts = 4;
        ServerGroup group = ServerGroup.All.Single(g => g.Program == program);
        ServerCase probed = group.Cases[0];
        using RunningServer server = group.Start();
        using StallWatch stall = new();
        TeardownOptions options = probed.Options with { Probes = [probe], MaxRequests = 3, Count = Count, Delay = Pause };
        for (int attempt = 1; ; attempt++)
        {
            stall.Reset();
            TeardownTest[] tests = [.. TeardownProbe.Run([new TeardownTarget(IPAddress.Loopback.ToString(), server.Ports[0])], options)];
            foreach (TeardownTest test in tests)
                output.WriteLine($"{test.ClosedAfter} s, at most {test.SafeIdleSeconds} s: {test.Advice}");
            Assert.Equal(Count, tests.Length);
            TeardownTest? unsafeOne = tests.FirstOrDefault(test => !(test.SafeIdleSeconds < probed.Seconds));
            if (unsafeOne is null && tests[^1].SafeIdleSeconds > least)
                return;
            output.WriteLine($"this machine let a thread wait {stall.Longest.TotalMilliseconds:0} ms at most");
            bool stalled = stall.Longest.TotalSeconds > Punctual;
            Assert.True(unsafeOne is null || stalled, $"Nothing stalled, yet: {unsafeOne?.Iteration}: {unsafeOne?.SafeIdleSeconds} s. {unsafeOne?.Advice}");
            bool lateClose = tests.Max(test => test.ClosedAfter) > probed.Seconds + (probed.WholeSeconds ? 1 : probed.Late) + Punctual;
            bool latePause = tests.Zip(tests.Skip(1)).Any(pair => (pair.Second.StartTime - pair.First.StartTime).TotalSeconds - pair.First.Duration > Pause.TotalSeconds + Punctual);
            Assert.True(stalled || lateClose || latePause, $"The server and the probe were punctual, yet: {tests[^1].SafeIdleSeconds} s. {tests[^1].Advice}");
            if (attempt == Attempts)
                return;
        }
    }
}
