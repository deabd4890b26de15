namespace BrokenPipeTools.Capture;

/// <summary>A capture could not be written further: usually the disk is full. Frames before that are valid.</summary>
public sealed class CaptureWriteException(string path, IOException cause) : IOException($"{path}: {cause?.Message}", cause)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>There was a file of that name, and it was not to be overwritten.</summary>
    public bool IsThereAlready { get; init; }
}
