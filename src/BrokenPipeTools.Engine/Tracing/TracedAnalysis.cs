using System.Collections.Concurrent;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>Traces the kernel and captures packets at the same time. Each traced failure gets the packet record of its connection.</summary>
internal sealed class TracedAnalysis : IDisposable
{
    private const int MostRecords = 100_000; // the most records between two readings

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly BrokenPipeTrace _trace;
    private readonly LiveAnalysis _live;
    private readonly PacketJoin _join;
    private readonly ConcurrentQueue<ConnectionClose> _records = new();
    private readonly Task _reading;

    private TracedAnalysis(BrokenPipeTrace trace, LiveAnalysis live, string interfaceName)
    {
        _trace = trace;
        _live = live;
        _join = new PacketJoin(interfaceName, Linger + TimeSpan.FromSeconds(2));
        _reading = Task.Factory.StartNew(Collect, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The number of records that were dropped because they were not read in time.</summary>
    public long Dropped { get; private set; }

    /// <summary>Starts a capture during a trace that has already begun.</summary>
    /// <param name="trace">The trace; it is not disposed here.</param>
    /// <param name="library">The capture library.</param>
    /// <param name="capture">The interface, the filter and the options of the capture.</param>
    /// <exception cref="LiveCaptureException">The interface cannot be captured on.</exception>
    public static TracedAnalysis Start(BrokenPipeTrace trace, ICaptureLibrary library, LiveCaptureOptions capture)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(capture);
        return new TracedAnalysis(trace, LiveAnalysis.Open(library, capture, new AnalyzerOptions { Linger = Linger }), capture.InterfaceName);
    }

    /// <summary>Returns each failure with its packets after the end of its connection, until the time is over or the trace is canceled.</summary>
    /// <param name="duration">How long to trace; null until canceled.</param>
    /// <param name="cancellation">Ends the trace; failures up to then are still returned.</param>
    public IEnumerable<TracedFailure> Run(TimeSpan? duration, CancellationToken cancellation = default)
    {
        foreach (IReadOnlyList<TracedFailure> batch in _trace.Batches(duration, cancellation))
        {
            foreach (TracedFailure failure in batch)
                _join.Add(failure, DateTime.UtcNow);
            foreach (TracedFailure failure in Take(isLast: false))
                yield return failure;
        }

        _live.Stop();
        _reading.Wait(CancellationToken.None);
        foreach (TracedFailure failure in Take(isLast: true))
            yield return failure;
    }

    /// <summary>Ends the capture.</summary>
    public void Dispose()
    {
        _live.Stop();
        _reading.Wait();
        _live.Dispose();
    }

    private IEnumerable<TracedFailure> Take(bool isLast)
    {
        while (_records.TryDequeue(out ConnectionClose? record))
            _join.Add(record);
        return _join.Take(DateTime.UtcNow, isLast);
    }

    private void Collect()
    {
        while (_live.Analyzer.TryNext(out ConnectionClose? record))
        {
            if (_records.Count < MostRecords)
                _records.Enqueue(record);
            else
                Dropped++;
        }
    }
}
