using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>A format that connections are written in.</summary>
internal interface IExportFormat : IDisposable
{
    /// <summary>The most connections in one file.</summary>
    int Capacity { get; }

    /// <summary>Whether the file would be empty, because no packets of the connections were found.</summary>
    bool IsEmpty => false;

    /// <summary>Adds a connection.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    void Add(ConnectionClose record);

    /// <summary>Completes the file. Returns the problems of captures that could not be read again.</summary>
    /// <param name="isCut">Whether there were more connections than <see cref="Capacity"/>.</param>
    /// <param name="open">Opens a capture by the path in its records.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    IReadOnlyList<CaptureProblem> Complete(bool isCut, Func<string, ICaptureSource> open, CancellationToken cancellation);
}
