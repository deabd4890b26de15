using System.Globalization;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;
using BrokenPipeTools.Tracing;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>Every scenario of the lab under a trace: which failed calls the kernel shows, and the cause that follows from its events alone.</summary>
public sealed class ScenarioTraceTests(ITestOutputHelper output)
{
    [TracingFact]
    public void Failed_calls_of_the_lab_are_seen_with_process_and_errno()
    {
        using BrokenPipeTrace trace = BrokenPipeTrace.Start(new BrokenPipeTraceOptions());
        int calls = 0, seen = 0, causes = 0, named = 0;
        foreach (Scenario scenario in ScenarioCatalog.All.Where(one => ScenarioCatalog.Missing(one) is null))
        {
            TracedScenario played = TracedScenario.Play(trace, scenario);
            IReadOnlyList<(SocketStep Step, TracedFailure? Failure)> pairs = played.Pairs();
            calls += pairs.Count;
            seen += pairs.Count(pair => pair.Failure is not null);
            TracedFailure? first = pairs.FirstOrDefault(pair => pair.Failure is not null).Failure;
            if (scenario.ExpectedCause is { } expected && first is not null)
            {
                named++;
                causes += first.Cause == expected ? 1 : 0;
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {scenario.Name} | {pairs.Count(p => p.Failure is not null)} of {pairs.Count} | {scenario.ExpectedCause} | {first?.Cause} {first?.Confidence} | {first?.ClosedBy} {first?.CloseMethod} {first?.Reset} {first?.ResetReason} | {(played.Result.Passed ? "" : played.Result.Problem)}"));
            foreach ((SocketStep step, TracedFailure? failure) in pairs)
                output.WriteLine($"    {step.Side} {step.Call}={step.Result}: {failure?.Explanation ?? "MISSING"}");
            foreach (TracedFailure other in played.Failures.Where(failure => pairs.All(pair => pair.Failure != failure)))
                output.WriteLine($"    MORE {other.Direction} {other.Explanation}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seen} of {calls} calls, {causes} of {named} causes, lost {trace.Lost}"));
        Assert.Equal(0, trace.Lost);
        Assert.True(seen >= calls - 2, $"{seen} of {calls}");
    }
}
