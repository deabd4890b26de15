using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Analysis;

/// <summary>Receives the results of a <see cref="CaptureRun"/>, on the thread that runs it. An exception thrown here ends the run.</summary>
internal interface ICaptureRunOutput
{
    /// <summary>Names the parameter that raises <see cref="AnalyzerOptions.MaxConnections"/>, for a warning.</summary>
    string MaxConnectionsParameter { get; }

    /// <summary>
    /// Whether <see cref="Write"/> makes the record before it returns. A large file is then read on another thread, so that one core follows
    /// connections while another makes their records. The output is called on the thread of the run also then.
    /// </summary>
    bool MakesRecords { get; }

    /// <summary>Receives the options of a live capture when it has begun; connections may come much later, or never.</summary>
    void Begin(LiveCaptureOptions capture);

    /// <summary>
    /// Receives the next connection. It makes the record of every connection, here or on another thread, in the order in which they come. It may keep
    /// the records until <see cref="Flush"/> is called.
    /// </summary>
    void Write(in PendingClose pending);

    /// <summary>Passes on the records so far, because the run may have to wait for a pipe or an interface now.</summary>
    void Flush();

    /// <summary>Receives the number of frames of an input, and how many were not decoded, as text.</summary>
    void Summarize(string name, string summary);

    /// <summary>Receives a warning about an input that is complete anyway, such as frames that were dropped while capturing.</summary>
    void Warn(string message);

    /// <summary>Receives the reason why an input could not be read, or not to its end. The run continues with the next input.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="cause">The exception behind it; null if there was none.</param>
    void Report(CaptureProblem problem, Exception? cause);

    /// <summary>Receives the progress, a few times per second.</summary>
    void Show(AnalyzerProgress progress);
}
