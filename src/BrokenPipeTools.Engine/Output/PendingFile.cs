using BrokenPipeTools.Capture.Files;

namespace BrokenPipeTools.Output;

/// <summary>
/// A file that has its name only once it is complete: until then it is written beside it under another name. A file that existed before stays
/// if the writing is interrupted or the disk is full, and a partial file never has the final name.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="overwrite">Replaces a regular file that is there.</param>
internal sealed class PendingFile(string path, bool overwrite) : IDisposable
{
    private FileStream? _stream;
    private string? _unfinished;

    /// <summary>The file that it is written to. Created when it is asked for the first time; only the file's owner may read it.</summary>
    /// <exception cref="IOException">It cannot be created, or the existing file may not be replaced.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public Stream Stream => _stream ??= Create();

    /// <summary>Gives it its name. Without a stream there is no file.</summary>
    /// <exception cref="IOException">It cannot be written, or another file has come there meanwhile.</exception>
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

    /// <summary>The message of an error with the file's name in place of the temporary one.</summary>
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
            throw new IOException(e.Message.Replace(beside, path, StringComparison.Ordinal), e);
        }
    }
}
