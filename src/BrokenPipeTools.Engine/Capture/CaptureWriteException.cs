namespace BrokenPipeTools.Capture;

/// <summary>A capture could not be written on: the disk is full, usually. What was written before is good.</summary>
public sealed class CaptureWriteException(string path, IOException cause) : IOException($"{path}: {cause?.Message}", cause)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>There was a file of that name, and it was not to be overwritten.</summary>
    public bool IsThereAlready { get; init; }
}
