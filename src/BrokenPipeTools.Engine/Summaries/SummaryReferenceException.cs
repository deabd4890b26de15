namespace BrokenPipeTools.Summaries;

/// <summary>The error if an earlier summary cannot be used.</summary>
public sealed class SummaryReferenceException : IOException
{
    /// <param name="path">The path of the file.</param>
    /// <param name="reason">The error.</param>
    /// <param name="cause">The exception that caused the error; null if there was none.</param>
    public SummaryReferenceException(string path, string reason, Exception? cause = null)
        : base($"{path}: {reason}", cause) => Path = path;

    /// <summary>The path of the file.</summary>
    public string Path { get; }
}
