using System.Diagnostics;
using System.Runtime.Versioning;
using BrokenPipeTools.Kernel.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>
/// Traces the Linux kernel for calls that fail on TCP connections, Unix sockets and pipes. Needs root. What it makes in the kernel is gone
/// when it is disposed; if the process is killed, the next trace removes it.
/// </summary>
public sealed class BrokenPipeTrace : IDisposable
{
    /// <summary>How often the ring is emptied.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly BrokenPipeTraceOptions _options;
    private readonly KernelTrace _trace;
    private readonly TraceState _state;
    private readonly TracedFailureBuilder _builder;

    private BrokenPipeTrace(BrokenPipeTraceOptions options, KernelTrace trace, TraceState state, TracedFailureBuilder builder)
    {
        _options = options;
        _trace = trace;
        _state = state;
        _builder = builder;
    }

    /// <summary>Events that the kernel overwrote before they could be read, and failed calls beyond what can be held.</summary>
    public long Lost => OperatingSystem.IsLinux() ? _state.Lost + _state.Dropped : 0;

    /// <summary>Columns that this kernel's events do not fill.</summary>
    public IReadOnlyList<string> Lacks { get; private init; } = [];

    /// <summary>Starts to trace.</summary>
    /// <exception cref="TraceException">It cannot.</exception>
    public static BrokenPipeTrace Start(BrokenPipeTraceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!OperatingSystem.IsLinux())
            throw new TraceException(TraceProblemId.TraceUnsupported, "trace: only Linux has these events (tracefs)");
        KernelTrace trace = KernelTrace.Start(options.RingKilobytes, options.Force, options.PreferSystemCalls);
        TraceState state = new(new ProcessTable(trace.Root), options.IncludeClosed);
        return new BrokenPipeTrace(options, trace, state, new TracedFailureBuilder(state, trace.Lacks)) { Lacks = trace.Lacks };
    }

    /// <summary>Returns the failures as they happen, until the time is over or it is cancelled; what was seen by then is still returned.</summary>
    /// <param name="duration">How long to trace; null until cancelled.</param>
    /// <param name="cancellation">Ends it in good order.</param>
    public IEnumerable<TracedFailure> Run(TimeSpan? duration, CancellationToken cancellation = default)
    {
        Stopwatch clock = Stopwatch.StartNew();
        bool isLast = false;
        while (!isLast)
        {
            TimeSpan left = duration is { } whole ? whole - clock.Elapsed : Pause;
            isLast = left <= TimeSpan.Zero || cancellation.WaitHandle.WaitOne(left < Pause ? left : Pause);
            foreach (TracedFailure failure in Read(isLast))
                yield return failure;
        }
    }

    /// <summary>Returns the failures since the last call.</summary>
    /// <param name="isLast">Return those too that happened just now, whose last events may still be missing.</param>
    public IReadOnlyList<TracedFailure> Read(bool isLast = false) => OperatingSystem.IsLinux() ? ReadKernel(isLast) : []; // elsewhere there is no object of this type

    /// <summary>Ends the trace and removes what was made in the kernel.</summary>
    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            _trace.Dispose();
    }

    [SupportedOSPlatform("linux")]
    private List<TracedFailure> ReadKernel(bool isLast)
    {
        if (isLast)
            Thread.Sleep(TraceState.Holding);
        DateTime zero = DateTime.UtcNow.AddTicks(-TraceClock.Now() / TimeSpan.NanosecondsPerTick);
        IReadOnlyList<KernelEvent> events = _trace.Read(out long horizon);
        foreach (KernelEvent one in events)
        {
            _state.Lost = _trace.Lost;
            _state.Add(one);
        }

        return [.. _state.Take(isLast ? long.MaxValue : horizon).Select(call => _builder.Build(call, zero)).OfType<TracedFailure>().Where(_options.Accepts)];
    }
}
