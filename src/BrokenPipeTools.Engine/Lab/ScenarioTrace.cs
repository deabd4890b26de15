using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Lab;

/// <summary>
/// A trace of the kernel during the scenarios of a run. It needs root on Linux. Without root there is no trace, and <see cref="Note"/> has the
/// reason.
/// </summary>
internal sealed class ScenarioTrace : IDisposable
{
    private readonly BrokenPipeTrace? _trace;

    private ScenarioTrace(BrokenPipeTrace? trace, string? note)
    {
        _trace = trace;
        Note = note;
    }

    /// <summary>The reason why there is no trace; null if there is one.</summary>
    public string? Note { get; }

    /// <summary>The number of events that were lost so far.</summary>
    internal long Lost => _trace?.Lost ?? 0;

    /// <summary>Starts a trace, if this process may trace.</summary>
    public static ScenarioTrace Start()
    {
        try
        {
            BrokenPipeTrace trace = BrokenPipeTrace.Start(new BrokenPipeTraceOptions { NeedsRoot = true });
            if (trace.SeesProcesses)
                return new ScenarioTrace(trace, null);
            trace.Dispose();
            return new ScenarioTrace(null, "trace: in this container process ids are not those of the kernel");
        }
        catch (TraceException e)
        {
            return new ScenarioTrace(null, e.Message);
        }
    }

    /// <summary>Drops the events that came before a scenario.</summary>
    internal void Begin() => _trace?.Read(isLast: true);

    /// <summary>Returns the failed calls of this process since <see cref="Begin"/>, in order.</summary>
    internal IReadOnlyList<TracedFailure> End() => _trace is null ? [] : [.. _trace.Read(isLast: true).Where(failure => failure.ProcessId == Environment.ProcessId)];

    public void Dispose() => _trace?.Dispose();
}
