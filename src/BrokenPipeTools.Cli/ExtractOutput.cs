using System.Globalization;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Output;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>Gives the records of a run to an export; problems and progress go to standard error.</summary>
internal sealed class ExtractOutput(RecordExport export) : ICaptureRunOutput, IDisposable
{
    private const int InputFailed = 1;

    private readonly ProgressLine _progress = new();
    private bool _isFull;

    /// <summary>The exit code for the problems so far.</summary>
    public int ExitCode { get; private set; }

    public string MaxConnectionsParameter => CloseOptions.MaxConnections;

    public void Write(ConnectionClose record)
    {
        if (_isFull || export.TryAdd(record))
            return;
        _isFull = true;
        Warn(string.Create(CultureInfo.InvariantCulture, $"only the first {CaptureExtract.MaxConnections} connections are written; choose fewer, by --cause or --address"));
    }

    public void Flush()
    {
        // The file is complete at the end only.
    }

    public void Summarize(string name, string summary)
    {
        // What was not decoded is not in the file either.
    }

    public void Warn(string message) => Tell($"brokenpipe: warning: {message}");

    public void Report(CaptureProblem problem, Exception? cause)
    {
        ExitCode = InputFailed;
        Tell($"brokenpipe: {(problem.IsWarning ? "warning: " : "")}{problem.Id}: {problem.Message}");
    }

    public void Show(AnalyzerProgress progress) => _progress.Show(progress);

    /// <summary>Reports the problems of the second pass, and how much was written.</summary>
    public void Complete(IReadOnlyList<CaptureProblem> problems, string to)
    {
        foreach (CaptureProblem problem in problems.Where(problem => !problem.IsWarning))
            Report(problem, null);
        if (export.Count == 0)
            ExitCode = InputFailed;
        Tell(export.Count == 0
            ? "brokenpipe: NoConnection: no connection was chosen; nothing was written"
            : string.Create(CultureInfo.InvariantCulture, $"{to}: {export.Count} {(export.Count == 1 ? "connection" : "connections")}"));
    }

    public void Dispose() => _progress.Dispose();

    private void Tell(string message)
    {
        _progress.Clear();
        StandardError.WriteLine(message);
    }
}
