using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>A scenario that was played under a trace: its failed calls, and what the trace has of them.</summary>
internal sealed record TracedScenario(Scenario Scenario, ScenarioResult Result, IReadOnlyList<TracedFailure> Failures)
{
    /// <summary>The results of calls that are not failures.</summary>
    private static readonly string[] Successes = ["ok", "EOF", "blocks", "EAGAIN", "EINPROGRESS", "EINTR"];

    /// <summary>Why nothing can be traced here; null if it can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    /// <summary>The failed calls, as the program had them.</summary>
    public IReadOnlyList<SocketStep> FailedSteps { get; } = [.. Result.Steps.Where(step => step.Side != StepSide.Network && step.Result.StartsWith('E') && !Successes.Contains(step.Result))];

    /// <summary>Plays it.</summary>
    public static TracedScenario Play(BrokenPipeTrace trace, Scenario scenario, bool ipv6 = false)
    {
        trace.Read(isLast: true);
        ScenarioResult result = ScenarioRunner.Run(scenario, new ScenarioOptions { IPv6 = ipv6 });
        return new TracedScenario(scenario, result, [.. trace.Read(isLast: true).Where(failure => failure.ProcessId == Environment.ProcessId)]);
    }

    /// <summary>Pairs each failed call with the record of it: by direction and errno, in order.</summary>
    public IReadOnlyList<(SocketStep Step, TracedFailure? Failure)> Pairs()
    {
        List<TracedFailure> left = [.. Failures];
        List<(SocketStep, TracedFailure?)> pairs = [];
        foreach (SocketStep step in FailedSteps)
        {
            TracedFailure? found = left.FirstOrDefault(failure => failure.Errno == step.Result && failure.Direction == DirectionOf(step.Call));
            if (found is not null)
                left.Remove(found);
            pairs.Add((step, found));
        }

        return pairs;
    }

    private static CallDirection DirectionOf(string call) => call switch
    {
        _ when call.StartsWith("connect", StringComparison.Ordinal) => CallDirection.Connect,
        _ when call.StartsWith("send", StringComparison.Ordinal) || call.StartsWith("write", StringComparison.Ordinal) => CallDirection.Write,
        _ when call.StartsWith("recv", StringComparison.Ordinal) || call.StartsWith("read", StringComparison.Ordinal) => CallDirection.Read,
        _ when call.StartsWith("getsockopt", StringComparison.Ordinal) => CallDirection.Status,
        _ => CallDirection.None,
    };

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
            return "only on Linux";
        try
        {
            using BrokenPipeTrace trace = BrokenPipeTrace.Start(new BrokenPipeTraceOptions { RingKilobytes = 64 });
            return null;
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
