using BrokenPipeTools.Capture.Files;

namespace BrokenPipeTools.FaultServer;

/// <summary>The file of a Unix-domain socket that this process has bound.</summary>
internal sealed class SocketFile
{
    private readonly string _path;
    private readonly FileEntry? _bound;

    /// <param name="path">The path at which the socket has just been bound.</param>
    public SocketFile(string path)
    {
        _path = Path.GetFullPath(path);
        _bound = FileEntry.Of(_path);
    }

    /// <summary>Removes the file, unless another file is at its path now.</summary>
    public void Remove()
    {
        if (_bound is null || FileEntry.Of(_path) != _bound)
            return;
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is no longer writable: a socket file without a listener does no harm.
        }
    }
}
