namespace BrokenPipeTools.Summaries;

/// <summary>An earlier summary that cannot be used.</summary>
public sealed class SummaryReferenceException : IOException
{
    /// <param name="path">The file.</param>
    /// <param name="reason">The error.</param>
    /// <param name="cause">The exception behind it; null if there was none.</param>
    public SummaryReferenceException(string path, string reason, Exception? cause = null)
        : base($"{path}: {reason}", cause) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
