namespace BrokenPipeTools.Capture;

/// <summary>A capture could not be written any further, usually because the disk is full. The frames before are valid.</summary>
public sealed class CaptureWriteException(string path, IOException cause) : IOException($"{path}: {cause?.Message}", cause)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Whether the file existed and was not to be overwritten.</summary>
    public bool IsThereAlready { get; init; }
}
