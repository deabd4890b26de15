using System.Text;

namespace BrokenPipeTools.Reading;

/// <summary>Joins the texts of the pipeline to one input. It is kept in memory, or in a temporary file if it is large.</summary>
internal sealed class TextSpool : IDisposable
{
    /// <summary>The most bytes kept in memory.</summary>
    private const int MaxInMemory = 16 << 20;

    private Stream _lines = new MemoryStream();

    /// <summary>Adds a text of one line or of many.</summary>
    public void Add(string? text)
    {
        _lines.Write(Encoding.UTF8.GetBytes(text ?? ""));
        _lines.WriteByte((byte)'\n');
        if (_lines is MemoryStream { Length: > MaxInMemory } full)
            _lines = Move(full);
    }

    /// <summary>Returns all text that was added. The caller disposes of the stream.</summary>
    public Stream Take()
    {
        Stream lines = _lines;
        lines.Position = 0;
        _lines = new MemoryStream();
        return lines;
    }

    public void Dispose() => _lines.Dispose();

    /// <summary>Moves the text to a file. The file has a random name, only its owner may read it, and it is deleted when it is closed.</summary>
    private static FileStream Move(MemoryStream full)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        FileStream file = new(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), options);
        full.WriteTo(file);
        full.Dispose();
        return file;
    }
}
