using System.Net;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>
/// Several measurements of one server: the limit for a client's pool is below the server's time-out after each of them. nginx and HAProxy
/// count milliseconds, Redis whole seconds; the probe is not told which.
/// </summary>
[Collection(nameof(RealServerTests))]
public sealed class SafeIdleTests(ITestOutputHelper output)
{
    private const int Count = 5;

    [ServerTheory(nameof(ServerProgram.Nginx))]
    [InlineData(TeardownProbeKind.Idle)]
    [InlineData(TeardownProbeKind.KeepAliveRace)]
    public void Nginx_is_given_a_little_less_than_its_setting(TeardownProbeKind probe) => Holds(ServerProgram.Nginx, probe, least: 1.2);

    [ServerTheory(nameof(ServerProgram.HAProxy))]
    [InlineData(TeardownProbeKind.Idle)]
    public void HAProxy_is_given_a_little_less_than_its_setting(TeardownProbeKind probe) => Holds(ServerProgram.HAProxy, probe, least: 1.2);

    [ServerTheory(nameof(ServerProgram.Redis))]
    [InlineData(TeardownProbeKind.Idle)]
    [InlineData(TeardownProbeKind.KeepAliveRace)]
    public void Redis_counts_whole_seconds(TeardownProbeKind probe) => Holds(ServerProgram.Redis, probe, least: 0.5);

    private void Holds(ServerProgram program, TeardownProbeKind probe, double least)
    {
        ServerGroup group = ServerGroup.All.Single(g => g.Program == program);
        ServerCase played = group.Cases[0];
        using Stall stall = new();
        using RunningServer server = group.Start();
        TeardownOptions options = played.Options with { Probes = [probe], MaxRequests = 3, Count = Count, Delay = TimeSpan.FromSeconds(0.7) };
        TeardownTest[] tests = [.. TeardownProbe.Run([new TeardownTarget(IPAddress.Loopback.ToString(), server.Ports[0])], options)];
        foreach (TeardownTest test in tests)
            output.WriteLine($"{test.ClosedAfter} s, at most {test.SafeIdleSeconds} s: {test.Advice}");
        Assert.Equal(Count, tests.Length);
        Assert.All(tests, test => Assert.True(test.SafeIdleSeconds < played.Seconds, ProbedAdvice(test)));
        Assert.True(tests[^1].SafeIdleSeconds > least - (3 * stall.Longest.TotalSeconds), ProbedAdvice(tests[^1]));
    }

    private static string ProbedAdvice(TeardownTest test) => $"{test.Iteration}: {test.SafeIdleSeconds} s. {test.Advice}";
}
