using System.Globalization;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tracing;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>
/// Runs the lab's scenarios under a trace: which failed calls the kernel shows, and the cause that follows from its events alone. By default the
/// scenarios on loopback; with TRACE_LAB=1 all of them, which takes a minute, and the table of tests/README.md is printed.
/// </summary>
[Collection(nameof(LiveTraces))]
public sealed class ScenarioTraceTests(ITestOutputHelper output)
{
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("TRACE_LAB") == "1";

    [TracingFact]
    public void Failed_calls_of_the_lab_are_seen_with_process_and_errno()
    {
        using BrokenPipeTrace trace = BrokenPipeTrace.Start(new BrokenPipeTraceOptions());
        int calls = 0, seen = 0;
        foreach (Scenario scenario in ScenarioCatalog.All.Where(one => one.Missing() is null && (IsWhole || !one.Needs.HasFlag(ScenarioNeeds.Root))))
        {
            TracedScenario run = TracedScenario.Run(trace, scenario);
            IReadOnlyList<(SocketStep Step, TracedFailure? Failure)> pairs = run.Pairs();
            calls += pairs.Count;
            seen += pairs.Count(pair => pair.Failure is not null);
            Write(scenario, pairs);
            Assert.All(pairs, pair => Assert.True(pair.Failure is not null || pair.Step.Call.StartsWith("getsockopt", StringComparison.Ordinal), $"{scenario.Name}: {pair.Step} is not in the trace"));
            Assert.Null(TracedCalls.Mismatch(pairs.Select(pair => pair.Failure).FirstOrDefault(), scenario.ExpectedCause));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seen} of {calls} calls"));
        Assert.Equal(0, trace.Lost);
        Assert.True(calls > 30, "too few scenarios failed for this to prove anything");
    }

    private void Write(Scenario scenario, IReadOnlyList<(SocketStep Step, TracedFailure? Failure)> pairs)
    {
        if (pairs.Select(pair => pair.Failure).FirstOrDefault(failure => failure is not null) is not { } first)
            return;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {scenario.Name} | {pairs.Count(pair => pair.Failure is not null)} of {pairs.Count} | {first.ClosedBy} {first.CloseMethod} | {first.Reset} {first.ResetReason} | {first.Cause} ({first.Confidence}) | {scenario.ExpectedCause} |"));
        foreach ((SocketStep step, TracedFailure? failure) in pairs)
            output.WriteLine($"    {step.Side} {step.Call}={step.Result}: {failure?.Explanation ?? "not seen"}");
    }
}
