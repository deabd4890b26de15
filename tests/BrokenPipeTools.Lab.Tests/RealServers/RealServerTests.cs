using System.Globalization;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>
/// Compares the probe's measurements of servers, as the distribution ships them, with their configuration. These tests run alone, so that other tests
/// do not affect the times.
/// </summary>
[CollectionDefinition(nameof(RealServerTests), DisableParallelization = true)]
[Collection(nameof(RealServerTests))]
public sealed class RealServerTests(RealServers servers, ITestOutputHelper output) : IClassFixture<RealServers>
{
    public static TheoryData<string> Nginx => Names(ServerProgram.Nginx);

    public static TheoryData<string> Apache => Names(ServerProgram.Apache);

    public static TheoryData<string> HAProxy => Names(ServerProgram.HAProxy);

    public static TheoryData<string> Redis => Names(ServerProgram.Redis);

    public static TheoryData<string> Postgres => Names(ServerProgram.Postgres);

    public static TheoryData<string> Sshd => Names(ServerProgram.Sshd);

    [ServerTheory(nameof(ServerProgram.Nginx))]
    [MemberData(nameof(Nginx))]
    public Task Nginx_closes_as_it_is_configured_to(string name) => HoldsAsync(name);

    [ServerTheory(nameof(ServerProgram.Apache))]
    [MemberData(nameof(Apache))]
    public Task Apache_closes_as_it_is_configured_to(string name) => HoldsAsync(name);

    [ServerTheory(nameof(ServerProgram.HAProxy))]
    [MemberData(nameof(HAProxy))]
    public Task HAProxy_closes_as_it_is_configured_to(string name) => HoldsAsync(name);

    [ServerTheory(nameof(ServerProgram.Redis))]
    [MemberData(nameof(Redis))]
    public Task Redis_closes_as_it_is_configured_to(string name) => HoldsAsync(name);

    [ServerTheory(nameof(ServerProgram.Postgres))]
    [MemberData(nameof(Postgres))]
    public Task PostgreSQL_closes_as_it_is_configured_to(string name) => HoldsAsync(name);

    [ServerTheory(nameof(ServerProgram.Sshd))]
    [MemberData(nameof(Sshd))]
    public Task OpenSSH_closes_as_it_is_configured_to(string name) => HoldsAsync(name);

    private static TheoryData<string> Names(ServerProgram program) => [.. ServerGroup.AllCases.Where(c => c.Server == program).Select(c => c.ToString())];

    private async Task HoldsAsync(string name)
    {
        ServerCase expected = ServerGroup.AllCases.Single(c => c.ToString() == name);
        TeardownTest[] tests = await servers.ResultsAsync(expected);
        output.WriteLine($"this machine let a thread wait {servers.Stall.TotalMilliseconds:0} ms at most");
        foreach (TeardownTest test in tests)
        {
            output.WriteLine(expected.Row(test.ClosedAfter.GetValueOrDefault()));
            output.WriteLine($"{test.Address}: {test.Mechanism} after {test.ClosedAfter?.ToString("0.000", CultureInfo.InvariantCulture)} s, {test.Cause} ({test.Confidence}), {test.KnownTimer}");
            output.WriteLine($"  {test.Explanation}");
            foreach (SocketStep step in test.Steps)
                output.WriteLine($"  {step}");
        }

        Assert.Equal(ServerCase.Addresses.Select(address => address.ToString()), tests.Select(test => test.Address));
        Assert.All(tests, test => Holds(expected, test, servers.Stall));
    }

    /// <summary>
    /// One measurement is enough for a limit that the server observes, although it does not show the precision of the server's timer. (A recent sshd
    /// adds random seconds, of which a single measurement allows only to subtract the maximum.)
    /// </summary>
    private static void HoldsIdleLimit(ServerCase expected, TeardownTest test, TimeSpan stall)
    {
        Assert.True(expected.IsIdle == test.SafeIdleSeconds.HasValue, $"{test.SafeIdleSeconds} s; {test.Advice}");
        if (test.SafeIdleSeconds is not { } safe)
            return;
        double random = expected.Late > IdleClosings.WholeSecond.TotalSeconds ? expected.Late : 0;
        Assert.True(safe < expected.Seconds + random, $"{safe} s is not below {expected.Seconds} s; {test.Advice}");
        Assert.True(safe > expected.Seconds - 1.5 - (3 * stall.TotalSeconds), $"{safe} s is far below {expected.Seconds} s; {test.Advice}");
        Assert.StartsWith("Set the idle limit of the client's pool to at most ", test.Advice, StringComparison.Ordinal);
    }

    private static void Holds(ServerCase expected, TeardownTest test, TimeSpan stall)
    {
        Assert.Equal(TeardownStatus.Completed, test.Status);
        Assert.Equal(ClosedBy.Server, test.ClosedBy);
        Assert.Equal((expected.Mechanism, expected.Cause), (test.Mechanism, test.Cause));
        (TimeSpan earliest, TimeSpan latest) = expected.BoundsAfter(test.Steps.TakeWhile(step => step.Result != test.ReadAfterClose).Last().EndTime);
        Assert.InRange(test.ClosedAfter!.Value, (earliest - stall).TotalSeconds, (latest + stall).TotalSeconds);
        HoldsIdleLimit(expected, test, stall);
        Assert.Equal(expected.Requests, test.Requests);
        Assert.Equal(expected.UseTls ? true : null, test.TlsCloseNotify);
        string[] calls = [.. expected.Calls.Split(' ')];
        string?[] made = [test.ReadAfterClose, test.FirstWriteAfterClose, test.SecondWriteAfterClose];
        Assert.All(calls.Zip(made), pair => Assert.Contains(pair.Second, pair.First.Split('|')));
        Assert.Equal(expected.Timers ?? test.KnownTimer, test.KnownTimer);
    }
}
