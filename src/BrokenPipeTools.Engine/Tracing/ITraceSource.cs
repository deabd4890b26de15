namespace BrokenPipeTools.Tracing;

/// <summary>A source of failures from the kernel.</summary>
internal interface ITraceSource : IDisposable
{
    /// <summary>Events that were overwritten, that could not be read, or that exceeded the bound.</summary>
    long Lost { get; }

    /// <summary>Columns that this kernel's events cannot fill.</summary>
    IReadOnlyList<string> Lacks { get; }

    /// <summary>The data that is missing because this process lacks a privilege, with the remedy; null for none.</summary>
    string? Limits { get; }

    /// <summary>Waits for a short time, or until there is something to read.</summary>
    void Wait(TimeSpan longest, CancellationToken cancellation);

    /// <summary>Returns the failures since the last call.</summary>
    /// <param name="isLast">True to also return failures that happened just now, whose last events may still be missing.</param>
    IEnumerable<TracedFailure> Read(bool isLast);
}
