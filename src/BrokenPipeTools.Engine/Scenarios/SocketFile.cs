using BrokenPipeTools.Capture.Files;

namespace BrokenPipeTools.Scenarios;

/// <summary>The file of a Unix-domain socket that was bound here.</summary>
internal sealed class SocketFile
{
    private readonly string _path;
    private readonly FileEntry? _bound;

    /// <param name="path">Where the socket has just been bound.</param>
    public SocketFile(string path)
    {
        _path = Path.GetFullPath(path);
        _bound = FileEntry.Of(_path);
    }

    /// <summary>Removes it. Whatever has taken its place meanwhile stays.</summary>
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
            // The folder may no longer be written: a socket without a listener does no harm.
        }
    }
}
