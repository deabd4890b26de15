using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Reads inputs one after the other: files, a series of files, an interface, packets handed over. One output receives the records, problems, summary
/// and progress of each. Any exception while an input is opened, read or analyzed is a problem of that input, and the next one can be read. Only a
/// cancellation and an exception of the output reach the caller.
/// </summary>
/// <param name="output">Receives the results.</param>
/// <param name="options">The bounds of the analysis. <see cref="AnalyzerOptions.Progress"/> is the output's.</param>
/// <param name="cancellation">Ends the run immediately, also if it waits for a pipe.</param>
internal sealed class CaptureRun(ICaptureRunOutput output, AnalyzerOptions options, CancellationToken cancellation)
{
    private LiveAnalysis? _live;

    /// <summary>How much of the duration of the live capture is left; null if none runs, or it has no duration.</summary>
    public TimeSpan? Remaining => _live?.Remaining;

    /// <summary>Reads a file, or standard input for "-".</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Read(path, (bounded, token) => new CloseAnalyzer(CaptureFile.Open(path, token), bounded));
    }

    /// <summary>Reads a capture or a text trace from a stream, and closes it.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">The name in records and messages, in place of a file name.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        Read(name, (bounded, _) => new CloseAnalyzer(CaptureFile.Open(stream, name), bounded));
    }

    /// <summary>Reads files that are one capture, the oldest first: a ring buffer. Without a file it does nothing.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void ReadSeries(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
            return;
        CaptureSeries? series = null;
        Read(paths[0], (bounded, token) => new CloseAnalyzer(series = new CaptureSeries(paths, path => CaptureFile.Open(path, token)), bounded));
        if (series is null)
            return;
        foreach (SeriesFault fault in series.Faults)
            output.Report(CaptureProblem.From(fault.Reason, fault.Path), fault.Reason);
        if (CaptureProblem.OrderOf(series) is { } disorder)
            output.Report(disorder, null);
    }

    /// <summary>Captures on an interface.</summary>
    /// <param name="library">The capture library.</param>
    /// <param name="capture">The interface, the filter and the options of the capture.</param>
    /// <param name="recordTo">A file that keeps the packets; null for none.</param>
    /// <param name="overwrite">True to replace the file if it exists.</param>
    /// <param name="stop">Ends the capture; the connections that are still open are reported.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void Capture(ICaptureLibrary library, LiveCaptureOptions capture, string? recordTo, bool overwrite, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(capture);
        CancellationTokenRegistration stopping = default;
        try
        {
            Read(capture.InterfaceName, (bounded, _) =>
            {
                _live = LiveAnalysis.Open(library, capture, bounded, recordTo, overwrite);
                stopping = stop.Register(_live.Stop);
                output.Begin(capture);
                return _live.Analyzer;
            });
        }
        finally
        {
            stopping.Dispose();
            _live = null;
        }
    }

    /// <summary>Reads the rest of the packets that were passed one by one, and disposes of them.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void ReadRest(PacketAnalysis packets)
    {
        ArgumentNullException.ThrowIfNull(packets);
        packets.Complete();
        Read(packets.Name, (_, _) => packets.Analyzer);
    }

    private void Read(string name, Func<AnalyzerOptions, CancellationToken, CloseAnalyzer> open)
    {
        FollowingThread? following = null;
        using CaptureReading reading = new(name, open, options with { Progress = Show, BeforeWait = output.Flush }, cancellation);
        if (reading.TryOpen() && output.MakesRecords && reading.IsShared)
        {
            using (following = new FollowingThread(reading, options.Ahead!, output.Show, cancellation))
            {
                following.Start();
                while (following.TryNext(out PendingClose pending))
                    output.Write(pending);
            }
        }
        else
        {
            while (reading.TryNext(out PendingClose pending))
                output.Write(pending);
        }

        if (reading.Summary is { } summary)
            output.Summarize(name, summary);
        if (reading.Evictions(output.MaxConnectionsParameter) is { } evictions)
            output.Warn(evictions);
        if (_live is not null && reading.Loss is { } loss)
            output.Warn(loss);
        if (reading.Problem is { } problem)
            output.Report(problem, reading.Cause);

        void Show(AnalyzerProgress progress)
        {
            if (following is null)
                output.Show(progress);
            else
                following.Note(progress);
        }
    }
}
