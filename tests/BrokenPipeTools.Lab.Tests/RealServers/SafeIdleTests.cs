using System.Net;
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
    /// The limit is below the setting after each measurement, even on a busy machine. How far below is checked only if nothing was delayed: if the
    /// server's timer is late, the spread is wider; if a pause is longer, the closes may by chance fall into the same part of a second, as those of a server
    /// that counts whole seconds. Both rightly cause a lower limit.
    /// </summary>
    private void Holds(ServerProgram program, TeardownProbeKind probe, double least)
    {
        const int Attempts = 4;
        ServerGroup group = ServerGroup.All.Single(g => g.Program == program);
        ServerCase probed = group.Cases[0];
        using RunningServer server = group.Start();
        TeardownOptions options = probed.Options with { Probes = [probe], MaxRequests = 3, Count = Count, Delay = Pause };
        for (int attempt = 1; ; attempt++)
        {
            TeardownTest[] tests = [.. TeardownProbe.Run([new TeardownTarget(IPAddress.Loopback.ToString(), server.Ports[0])], options)];
            foreach (TeardownTest test in tests)
                output.WriteLine($"{test.ClosedAfter} s, at most {test.SafeIdleSeconds} s: {test.Advice}");
            Assert.Equal(Count, tests.Length);
            Assert.All(tests, test => Assert.True(test.SafeIdleSeconds < probed.Seconds, ProbedAdvice(test)));
            if (tests[^1].SafeIdleSeconds > least)
                return;
            bool lateClose = tests.Max(test => test.ClosedAfter) > probed.Seconds + (probed.WholeSeconds ? 1 : probed.Late) + Punctual;
            bool latePause = tests.Zip(tests.Skip(1)).Any(pair => (pair.Second.StartTime - pair.First.StartTime).TotalSeconds - pair.First.Duration > Pause.TotalSeconds + Punctual);
            Assert.True(lateClose || latePause, $"The server and the probe were punctual, yet: {ProbedAdvice(tests[^1])}");
            if (attempt == Attempts)
                return;
        }
    }

    private static string ProbedAdvice(TeardownTest test) => $"{test.Iteration}: {test.SafeIdleSeconds} s. {test.Advice}";
}
