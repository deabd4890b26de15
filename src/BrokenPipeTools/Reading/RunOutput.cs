using System.Management.Automation;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Reading;

/// <summary>Writes the results of a <see cref="CaptureRun"/> to the streams of a cmdlet.</summary>
internal sealed class RunOutput : ICaptureRunOutput
{
    private const int ReturnedTogether = 128;

    private readonly List<PendingClose> _excluded = new(ReturnedTogether);

    /// <summary>Writes a record.</summary>
    public required Action<ConnectionClose> WriteRecord { get; init; }

    /// <summary>The pool to which connections are returned if their records are filtered out.</summary>
    public required RecordPool Pool { get; init; }

    /// <summary>Writes a problem as an error.</summary>
    public required Action<ErrorRecord> WriteError { get; init; }

    /// <summary>Writes a warning.</summary>
    public required Action<string> WriteWarning { get; init; }

    /// <summary>Writes a summary.</summary>
    public required Action<string> WriteVerbose { get; init; }

    /// <summary>Writes the progress.</summary>
    public required Action<AnalyzerProgress> WriteProgress { get; init; }

    public string MaxConnectionsParameter => "-MaxConnections";

    public bool MakesRecords => true;

    /// <summary>Does nothing, because the progress shows that the capture runs.</summary>
    public void Begin(LiveCaptureOptions capture)
    {
    }

    public void Write(in PendingClose pending)
    {
        if (pending.TryMake(out ConnectionClose? record))
        {
            WriteRecord(record);
            return;
        }

        _excluded.Add(pending);
        if (_excluded.Count < ReturnedTogether)
            return;
        Pool.Return(_excluded);
        _excluded.Clear();
    }

    /// <summary>Does nothing, because the pipeline does not delay records.</summary>
    public void Flush()
    {
    }

    public void Summarize(string name, string summary) => WriteVerbose($"{name}: {summary}");

    public void Warn(string message) => WriteWarning(message);

    public void Report(CaptureProblem problem, Exception? cause)
    {
        if (problem.IsWarning)
            WriteWarning(problem.Message);
        else
            WriteError(problem.ToErrorRecord(cause));
    }

    public void Show(AnalyzerProgress progress) => WriteProgress(progress);
}
