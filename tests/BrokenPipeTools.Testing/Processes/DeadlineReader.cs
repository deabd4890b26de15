namespace BrokenPipeTools.Testing.Processes;

/// <summary>A stream of a child's, read with a deadline: a read that gets nothing in time throws <see cref="TimeoutException"/>.</summary>
internal sealed class DeadlineReader(Func<StreamReader> open, string name)
{
    /// <summary>Reads the next line. Returns null at the end.</summary>
    public string? ReadLine() => ReadLineAsync().GetAwaiter().GetResult();

    /// <summary>Reads the next line. Returns null at the end.</summary>
    public Task<string?> ReadLineAsync() => Deadline.Start(open().ReadLine, name);

    /// <summary>Reads everything until the end.</summary>
    public string ReadToEnd() => ReadToEndAsync().GetAwaiter().GetResult();

    /// <summary>Reads everything until the end.</summary>
    public Task<string> ReadToEndAsync() => Deadline.Start(open().ReadToEnd, name);

    /// <summary>Closes the pipe, as a reader does that has read enough. The child's next write then fails with EPIPE.</summary>
    public void Close() => open().Close();
}
