using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Analysis;

/// <summary>Takes the results of a <see cref="CaptureRun"/>, on the thread that runs it. An exception from here ends the run.</summary>
internal interface ICaptureRunOutput
{
    /// <summary>Names the parameter that raises <see cref="AnalyzerOptions.MaxConnections"/>, for a warning.</summary>
    string MaxConnectionsParameter { get; }

    /// <summary>
    /// Takes the next connection, and makes its record here or on another thread: of all, in their order. The record may be held back until
    /// <see cref="Flush"/>.
    /// </summary>
    void Write(in PendingClose pending);

    /// <summary>Lets the reader have the records so far: the run may have to wait for a pipe or an interface now.</summary>
    void Flush();

    /// <summary>Takes the number of frames of an input, and how many were not decoded, in words.</summary>
    void Summarize(string name, string summary);

    /// <summary>Takes a warning that makes no input incomplete, as frames that were dropped while capturing.</summary>
    void Warn(string message);

    /// <summary>Takes the reason why an input could not be read, or not to its end. The next input is read.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="cause">The exception behind it; null if there was none.</param>
    void Report(CaptureProblem problem, Exception? cause);

    /// <summary>Takes the progress, a few times per second.</summary>
    void Show(AnalyzerProgress progress);
}
