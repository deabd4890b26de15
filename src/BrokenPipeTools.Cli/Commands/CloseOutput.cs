using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>Prints the results of <c>brokenpipe close</c>: records on standard output, problems and progress on standard error.</summary>
internal sealed class CloseOutput : ICaptureRunOutput, IDisposable
{
    private const int Success = 0;
    private const int InputFailed = 1;

    private readonly RecordPump _pump;
    private readonly ProgressLine _progress = new();
    private readonly bool _showsProgress;
    private readonly bool _isVerbose;

    /// <param name="request">The request. In a live capture no progress is shown if records go to a terminal, because progress and records would
    /// overwrite each other.</param>
    /// <param name="pump">The writer of the records. It is disposed with this object.</param>
    public CloseOutput(CloseRequest request, RecordPump pump)
    {
        _pump = pump;
        _showsProgress = request.Capture is null || Console.IsOutputRedirected;
        _isVerbose = request.Verbose;
    }

    /// <summary>The exit code for the problems so far.</summary>
    public int ExitCode { get; private set; } = Success;

    public string MaxConnectionsParameter => ReadingOptions.MaxConnections;

    public bool MakesRecords => false; // the pump does, on its own thread

    public void Begin(LiveCaptureOptions capture) => RunningNotice.Show(CaptureText(capture), capture.Duration);

    public void Write(in PendingClose pending) => _pump.Add(pending);

    public void Flush() => _pump.Flush();

    public void Summarize(string name, string summary)
    {
        if (_isVerbose)
            Tell($"{name}: {summary}");
    }

    public void Warn(string message) => Tell($"brokenpipe: warning: {message}");

    public void Report(CaptureProblem problem, Exception? cause)
    {
        ExitCode = InputFailed;
        Tell($"brokenpipe: {(problem.IsWarning ? "warning: " : "")}{problem.Id}: {problem.Message}");
    }

    public void Show(AnalyzerProgress progress)
    {
        if (_showsProgress)
            _progress.Show(progress);
    }

    /// <summary>Waits until every record is written.</summary>
    public void Complete() => _pump.Complete();

    public void Dispose()
    {
        _progress.Dispose();
        _pump.Dispose();
    }

    private static string CaptureText(LiveCaptureOptions capture) =>
        "capturing " + (capture.Filter is { Length: > 0 } filter ? $"'{filter}' " : "") + $"on {capture.InterfaceName}" + (capture.NetworkNamespace is { Length: > 0 } place ? $" in network namespace {place}" : "");

    /// <summary>Writes a message after the records that came before it.</summary>
    private void Tell(string message)
    {
        _pump.Drain();
        _progress.Clear();
        StandardError.WriteLine(message);
    }
}
