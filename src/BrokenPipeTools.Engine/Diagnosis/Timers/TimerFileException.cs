namespace BrokenPipeTools.Diagnosis.Timers;

/// <summary>The error if a table of timers cannot be used. The message names the file, the line and the reason.</summary>
public sealed class TimerFileException : IOException
{
    /// <summary>Makes the error for a problem that concerns the whole file.</summary>
    public TimerFileException(string path, string reason, Exception? inner = null)
        : this(path, 0, reason, inner)
    {
    }

    internal TimerFileException(string path, int line, string reason, Exception? inner = null)
        : base(line > 0 ? $"{path}, line {line}: {reason}" : $"{path}: {reason}", inner)
    {
        Path = path;
        Line = line;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The line that is wrong, counted from 1; 0 if the whole file is wrong.</summary>
    public int Line { get; }
}
