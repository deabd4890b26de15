using System.Diagnostics;
using BrokenPipeTools.Kernel.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>
/// Traces the Linux kernel to find calls that fail on TCP connections, Unix-domain sockets and pipes. Without root it finds only TCP connections that
/// ended abnormally (<see cref="Limits"/>). Dispose removes its trace instance from the kernel. If the process is killed, the next trace removes the
/// instance.
/// </summary>
public sealed class BrokenPipeTrace : IDisposable
{
    /// <summary>The interval at which the ring buffer is read.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly BrokenPipeTraceOptions _options;
    private readonly ITraceSource _source;
    private readonly string? _network;
    private long _unplaced;

    private BrokenPipeTrace(BrokenPipeTraceOptions options, ITraceSource source, string? network)
    {
        _options = options;
        _source = source;
        _network = network;
    }

    /// <summary>
    /// The number of lost data: events that the kernel overwrote before they could be read, events that could not be decoded, and failed calls above
    /// the bound.
    /// </summary>
    public long Lost => _source.Lost;

    /// <summary>The columns that the events of this kernel cannot fill.</summary>
    public IReadOnlyList<string> Lacks => _source.Lacks;

    /// <summary>The data that are missing because this process is not root, with the remedy; null if none are missing.</summary>
    public string? Limits => _source.Limits;

    /// <summary>
    /// How many failed calls were left out because the program had ended before its network namespace could be read, as text; null if none were.
    /// </summary>
    public string? LeftOut => _unplaced == 0 ? null : FormattableString.Invariant($"{_unplaced} failed calls are not listed: their programs had ended before their network namespace could be read");

    /// <summary>Whether the process ids in the trace are the ids in this process's /proc.</summary>
    internal bool SeesProcesses => OperatingSystem.IsLinux() && _source is KernelEventSource { SeesProcesses: true };

    /// <summary>Starts the trace.</summary>
    /// <exception cref="TraceException">The kernel cannot be traced.</exception>
    public static BrokenPipeTrace Start(BrokenPipeTraceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!OperatingSystem.IsLinux())
            throw new TraceException(TraceProblemId.TraceUnsupported, "trace: only Linux has these events (tracefs)");
        string? network = TraceNetwork.IdentityOf(options.NetworkNamespace);
        try
        {
            return new BrokenPipeTrace(options, KernelEventSource.Start(options), network);
        }
        catch (TraceException e) when (e.Id == TraceProblemId.TraceAccessDenied && !options.NeedsRoot)
        {
            return new BrokenPipeTrace(options, DestroyedSocketSource.Start(options, e), network: null); // a kernel without the events: use the messages about destroyed sockets
        }
    }

    /// <summary>Returns the failures as they happen, until the time is over or the trace is canceled.</summary>
    /// <param name="duration">How long to trace; null until canceled.</param>
    /// <param name="cancellation">Ends the trace; failures up to then are still returned.</param>
    public IEnumerable<TracedFailure> Run(TimeSpan? duration, CancellationToken cancellation = default) => Batches(duration, cancellation).SelectMany(batch => batch);

    /// <summary>Ends the trace and removes its trace instance from the kernel.</summary>
    public void Dispose() => _source.Dispose();

    /// <summary>Returns the failures of each reading. If a reading has no failures, its list is empty.</summary>
    internal IEnumerable<IReadOnlyList<TracedFailure>> Batches(TimeSpan? duration, CancellationToken cancellation)
    {
        Stopwatch clock = Stopwatch.StartNew();
        bool isLast = false;
        while (!isLast)
        {
            TimeSpan left = duration is { } whole ? whole - clock.Elapsed : Pause;
            isLast = left <= TimeSpan.Zero || cancellation.IsCancellationRequested;
            if (!isLast)
            {
                _source.Wait(left < Pause ? left : Pause, cancellation);
                isLast = cancellation.IsCancellationRequested;
            }

            yield return Read(isLast);
        }
    }

    /// <summary>Returns the failures since the last call.</summary>
    /// <param name="isLast">Whether to return also failures that happened just now. Some of their events may still be missing.</param>
    public IReadOnlyList<TracedFailure> Read(bool isLast = false) => [.. _source.Read(isLast).Where(failure => _options.Accepts(failure) && IsInNetwork(failure))];

    private bool IsInNetwork(TracedFailure failure)
    {
        if (_network is null)
            return true;
        if (failure.Network is null)
            _unplaced++;
        return failure.Network == _network;
    }
}
