using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Networks;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Lab;

/// <summary>The generator of random endings: it runs the given calls, and all of them are in the capture.</summary>
public sealed class RandomTeardownTests(ITestOutputHelper output)
{
    /// <summary>TEARDOWN_RUNS for a longer run, TEARDOWN_DATA for a folder that keeps the runs.</summary>
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("TEARDOWN_RUNS"), out int runs) ? runs : 200;

    [LiveTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_run_is_in_the_capture_with_its_calls(bool ipv6)
    {
        TeardownCapture lab = TeardownCapture.Record(firstSeed: Random.Shared.Next(1_000_000), Runs, ipv6);
        if (Environment.GetEnvironmentVariable("TEARDOWN_DATA") is { Length: > 0 } folder)
            lab.Save(Path.Combine(folder, ipv6 ? "ipv6" : "ipv4"));

        List<ConnectionClose> records = lab.Analyze(long.MaxValue);
        Assert.Equal(lab.Runs.Select(r => r.ClientPort), records.OrderBy(r => r.Stream).Select(r => r.ClientPort));
        Assert.All(lab.Runs, run => Assert.InRange(run.Calls.Count, 2, 40));
        Assert.All(records, r => Assert.NotEqual(BrokenPipeTools.Closing.CloseState.Open, r.State)); // both sockets were closed
        foreach (IGrouping<string, SocketStep> result in lab.Runs.SelectMany(r => r.Calls).GroupBy(c => $"{c.Call.Split('(')[0]} = {c.Result}").OrderByDescending(g => g.Count()))
            output.WriteLine($"{result.Count(),6} {result.Key}");
    }

    [LiveFact]
    public void The_same_seed_makes_the_same_calls()
    {
        using RandomTeardown lab = new(ipv6: false);
        for (int seed = 0; seed < 20; seed++)
            Assert.Equal(Calls(lab.Run(seed)), Calls(lab.Run(seed)));
    }

    private static IEnumerable<string> Calls(RandomTeardownResult run) => run.Calls.Select(c => $"{c.Side} {c.Call} {c.Result}");
}
