using System.Runtime.Versioning;
using BrokenPipeTools.Kernel.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>Finds failed calls and broken connections from the events of tracefs. Needs root.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelEventSource : ITraceSource
{
    private readonly KernelTrace _trace;
    private readonly TraceState _state;
    private readonly TracedFailureBuilder _builder;

    private KernelEventSource(KernelTrace trace, bool includeClosed)
    {
        _trace = trace;
        _state = new TraceState(new ProcessTable(trace.Root), includeClosed);
        _builder = new TracedFailureBuilder(_state, trace.Lacks);
    }

    public long Lost => _state.Lost + _state.Dropped;

    public IReadOnlyList<string> Lacks => _trace.Lacks;

    public string? Limits => null;

    /// <summary>Whether the process ids in the trace are the ids in this process's /proc.</summary>
    public bool SeesProcesses => _state.Processes.SeesAll;

    /// <summary>Starts the trace.</summary>
    /// <exception cref="TraceException">The kernel cannot be traced.</exception>
    public static KernelEventSource Start(BrokenPipeTraceOptions options)
    {
        KernelTrace trace = KernelTrace.Start(options.RingKilobytes, options.Force, options.PreferSystemCalls);
        return new KernelEventSource(trace, options.IncludeClosed);
    }

    public void Wait(TimeSpan longest, CancellationToken cancellation) => cancellation.WaitHandle.WaitOne(longest);

    public IEnumerable<TracedFailure> Read(bool isLast)
    {
        if (isLast)
            Thread.Sleep(TraceState.Holding);
        DateTime zero = DateTime.UtcNow.AddTicks(-TraceClock.Now() / TimeSpan.NanosecondsPerTick);
        IReadOnlyList<KernelEvent> events = _trace.Read(out long horizon);
        _state.Lost = _trace.Lost;
        foreach (KernelEvent one in events)
            _state.Add(one);

        return _state.Take(isLast ? long.MaxValue : horizon).Select(call => _builder.Build(call, zero)).OfType<TracedFailure>();
    }

    public void Dispose() => _trace.Dispose();
}
