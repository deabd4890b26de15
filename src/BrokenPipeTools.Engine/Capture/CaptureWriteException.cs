using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture;

/// <summary>The error if a capture cannot be written any further, usually because the disk is full. The frames written before are valid.</summary>
public sealed class CaptureWriteException(string path, IOException cause) : IOException($"{path}: {(cause is null ? null : FileReason.Of(cause))}", cause)
{
    /// <summary>The path of the file.</summary>
    public string Path { get; } = path;

    /// <summary>Whether the reason is that the file already exists and must not be overwritten.</summary>
    public bool IsThereAlready { get; init; }
}
