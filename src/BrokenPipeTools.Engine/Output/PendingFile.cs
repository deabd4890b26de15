using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Output;

/// <summary>
/// A file that gets its name only when it is complete. Until then it has another name in the same folder. If the writing is interrupted or the disk
/// is full, a file that existed before remains, and no partial file ever has the final name.
/// </summary>
/// <param name="path">The path of the file.</param>
/// <param name="overwrite">Whether a regular file that exists there may be replaced.</param>
internal sealed class PendingFile(string path, bool overwrite) : IDisposable
{
    private FileStream? _stream;
    private string? _unfinished;

    /// <summary>The stream to write to. The first access creates the file; only its owner may read it.</summary>
    /// <exception cref="IOException">The file cannot be created, or the existing file may not be replaced.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be created.</exception>
    public Stream Stream => _stream ??= Create();

    /// <summary>Gives the file its name. If <see cref="Stream"/> was never used, no file is made.</summary>
    /// <exception cref="IOException">The file cannot be written, or another file was created at the path in the meantime.</exception>
    public void Complete()
    {
        if (_stream is null)
            return;
        _stream.Dispose();
        if (overwrite)
            PrivateFile.CheckReplaceable(path);
        File.Move(_unfinished!, path, overwrite);
        _unfinished = null;
    }

    /// <summary>Returns the message of an error with the file's name in place of the temporary one.</summary>
    public string WithName(string message) => _unfinished is null ? message : message.Replace(_unfinished, path, StringComparison.Ordinal);

    /// <summary>Deletes the temporary file, unless it is complete.</summary>
    public void Dispose()
    {
        _stream?.Dispose();
        if (_unfinished is null)
            return;
        File.Delete(_unfinished);
        _unfinished = null;
    }

    private FileStream Create()
    {
        if (overwrite)
            PrivateFile.CheckReplaceable(path);
        string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "", $".{Guid.NewGuid():N}.part");
        try
        {
            FileStream stream = PrivateFile.Create(beside, overwrite: false);
            _unfinished = beside;
            return stream;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(FileReason.Of(e).Replace(beside, path, StringComparison.Ordinal), e);
        }
    }
}
