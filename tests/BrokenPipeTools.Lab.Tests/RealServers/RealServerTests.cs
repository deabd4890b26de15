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

    /// <summary>
    /// Checks the results of a case. How long the server and the probe waited for a processor is not their error: a measurement that is out of range is
    /// made again, alone. If none is in range, the error is the probe's only if this machine let no thread wait.
    /// </summary>
    private async Task HoldsAsync(string name)
    {
        const int Attempts = 5;
        ServerCase expected = ServerGroup.AllCases.Single(c => c.ToString() == name);
        Measurement measured = await servers.ResultsAsync(expected);
        for (int attempt = 1; ; attempt++)
        {
            Write(expected, measured);
            Assert.Equal(ServerCase.Addresses.Select(address => address.ToString()), measured.Tests.Select(test => test.Address));
            Assert.All(measured.Tests, test => Holds(expected, test));
            string[] late = [.. measured.Tests.Select(test => TimeProblem(expected, test)).OfType<string>()];
            if (late.Length == 0)
                return;
            if (attempt == Attempts)
            {
                Assert.True(measured.Stall > ServerCase.LeastToleranceTime, string.Join(Environment.NewLine, late));
                output.WriteLine("the time was not checked: this machine is too busy to measure it");
                return;
            }

            measured = await RealServers.MeasureAgainAsync(expected);
        }
    }

    private void Write(ServerCase expected, Measurement measured)
    {
        output.WriteLine($"this machine let a thread wait {measured.Stall.TotalMilliseconds:0} ms at most");
        foreach (TeardownTest test in measured.Tests)
        {
            output.WriteLine(expected.Row(test.ClosedAfter.GetValueOrDefault()));
            output.WriteLine($"{test.Address}: {test.Mechanism} after {test.ClosedAfter?.ToString("0.000", CultureInfo.InvariantCulture)} s, {test.Cause} ({test.Confidence}), {test.KnownTimer}");
            output.WriteLine($"  {test.Explanation}");
            foreach (SocketStep step in test.Steps)
                output.WriteLine($"  {step}");
        }
    }

    /// <summary>Checks everything that does not depend on the time that was measured.</summary>
    private static void Holds(ServerCase expected, TeardownTest test)
    {
        Assert.Equal(TeardownStatus.Completed, test.Status);
        Assert.Equal(ClosedBy.Server, test.ClosedBy);
        Assert.Equal(expected.Mechanism, test.Mechanism);
        Assert.True(expected.IsIdle == test.SafeIdleSeconds.HasValue, $"{test.SafeIdleSeconds} s; {test.Advice}");
        if (test.SafeIdleSeconds is { } safe)
        {
            Assert.StartsWith("Set the idle limit of the client's pool to at most ", test.Advice, StringComparison.Ordinal);
            Assert.True(safe < test.ClosedAfter, $"{safe} s is not below the measured {test.ClosedAfter} s");
        }

        Assert.Equal(expected.Requests, test.Requests);
        Assert.Equal(expected.UseTls ? true : null, test.TlsCloseNotify);
        string[] calls = [.. expected.Calls.Split(' ')];
        string?[] made = [test.ReadAfterClose, test.FirstWriteAfterClose, test.SecondWriteAfterClose];
        Assert.All(calls.Zip(made), pair => Assert.Contains(pair.Second, pair.First.Split('|')));
    }

    /// <summary>
    /// Describes a result that does not fit the setting: the time, the cause and the products that are derived from it, and the idle limit. One
    /// measurement is enough for a limit that the server observes, although it does not show the precision of the server's timer. (A recent sshd adds
    /// random seconds, of which a single measurement allows only to subtract the maximum.) Null if everything fits.
    /// </summary>
    private static string? TimeProblem(ServerCase expected, TeardownTest test)
    {
        const double FarBelow = 1.5;
        (TimeSpan earliest, TimeSpan latest) = expected.BoundsAfter(test.Steps.TakeWhile(step => step.Result != test.ReadAfterClose).Last().EndTime);
        double random = expected.Late > IdleClosings.WholeSecond.TotalSeconds ? expected.Late : 0;
        if (test.ClosedAfter!.Value < earliest.TotalSeconds || test.ClosedAfter > latest.TotalSeconds)
            return $"{test.ClosedAfter} s is not from {earliest.TotalSeconds} to {latest.TotalSeconds} s";
        if (test.Cause != expected.Cause)
            return $"{test.Cause} after {test.ClosedAfter} s, not {expected.Cause}";
        if (test.SafeIdleSeconds >= expected.Seconds + random || test.SafeIdleSeconds <= expected.Seconds - FarBelow)
            return $"{test.SafeIdleSeconds} s is not slightly below {expected.Seconds} s; {test.Advice}";
        return (expected.Timers ?? test.KnownTimer) == test.KnownTimer ? null : $"{test.ClosedAfter} s fits {test.KnownTimer}, not {expected.Timers}";
    }
}
