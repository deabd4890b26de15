namespace BrokenPipeTools.Tracing;

/// <summary>A source of failures from the kernel.</summary>
internal interface ITraceSource : IDisposable
{
    /// <summary>The number of events that were overwritten, that could not be read, or that exceeded the bound.</summary>
    long Lost { get; }

    /// <summary>The columns that the events of this kernel cannot fill.</summary>
    IReadOnlyList<string> Lacks { get; }

    /// <summary>The data that are missing because this process lacks a privilege, with the remedy; null if none are missing.</summary>
    string? Limits { get; }

    /// <summary>Waits for a short time, or until there is something to read.</summary>
    void Wait(TimeSpan longest, CancellationToken cancellation);

    /// <summary>Returns the failures since the last call.</summary>
    /// <param name="isLast">Whether to return also failures that happened just now. Some of their events may still be missing.</param>
    IEnumerable<TracedFailure> Read(bool isLast);
}
