using System.Management.Automation;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Reading;

/// <summary>Writes the results of a <see cref="CaptureRun"/> to the streams of a cmdlet.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="show">Takes the progress.</param>
internal sealed class RunOutput(Cmdlet cmdlet, Action<AnalyzerProgress> show) : ICaptureRunOutput
{
    public void Write(ConnectionClose record) => cmdlet.WriteObject(record);

    /// <summary>The pipeline does not hold records back.</summary>
    public void Flush()
    {
    }

    public void Summarize(string name, string summary) => cmdlet.WriteVerbose($"{name}: {summary}");

    public void Warn(string message) => cmdlet.WriteWarning(message);

    public void Report(CaptureProblem problem, Exception? cause)
    {
        if (problem.IsWarning)
            cmdlet.WriteWarning(problem.Message);
        else
            cmdlet.WriteError(problem.ToErrorRecord(cause));
    }

    public void Show(AnalyzerProgress progress) => show(progress);
}
