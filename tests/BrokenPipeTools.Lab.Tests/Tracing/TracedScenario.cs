using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>A scenario that was run under a trace: its failed calls, and their records in the trace.</summary>
internal sealed record TracedScenario(Scenario Scenario, ScenarioResult Result, IReadOnlyList<TracedFailure> Failures)
{
    /// <summary>The reason why nothing can be traced here; null if it can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    /// <summary>Runs it.</summary>
    public static TracedScenario Run(BrokenPipeTrace trace, Scenario scenario, bool ipv6 = false)
    {
        trace.Read(isLast: true);
        ScenarioResult result = ScenarioRunner.Run(scenario, new ScenarioOptions { IPv6 = ipv6 });
        return new TracedScenario(scenario, result, [.. trace.Read(isLast: true).Where(failure => failure.ProcessId == Environment.ProcessId)]);
    }

    /// <summary>Each failed call with the record of it.</summary>
    public IReadOnlyList<(SocketStep Step, TracedFailure? Failure)> Pairs() => new TracedCalls(Result.Steps, Failures).Pairs;

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
            return "only on Linux";
        try
        {
            using BrokenPipeTrace trace = BrokenPipeTrace.Start(new BrokenPipeTraceOptions { RingKilobytes = 64 });
            return trace.Limits;
        }
        catch (TraceException e)
        {
            return e.Message;
        }
    }
}

/// <summary>Skipped, with the reason, if the kernel cannot be traced here.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TracingFactAttribute : FactAttribute
{
    public TracingFactAttribute() => Skip = TracedScenario.Obstacle;
}
