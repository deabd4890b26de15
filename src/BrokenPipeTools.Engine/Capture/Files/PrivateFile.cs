namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Creates files that only their owner may read: a capture has passwords in it. Always a new file (O_CREAT with O_EXCL, open(2)): neither
/// a symbolic link at its place is followed, nor does it keep the owner, the mode or the other names of a file that was there.
/// </summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a file to write to, which others may read along if they have the right to.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Removes a regular file that is there. Nothing else is removed: a link, a FIFO and a device are an error.</param>
    /// <exception cref="IOException">It is there already, or cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static FileStream Create(string path, bool overwrite)
    {
        if (overwrite && CheckReplaceable(path))
            File.Delete(path);

        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>Returns whether a regular file is there, which may be replaced; false for nothing.</summary>
    /// <exception cref="IOException">Something else is there.</exception>
    public static bool CheckReplaceable(string path)
    {
        if (FileEntry.Of(path) is not { } there)
            return false;
        return Obstacle(there.Kind) is { } obstacle ? throw new IOException($"{obstacle}; remove it, or choose another name") : true;
    }

    private static string? Obstacle(FileKind kind) => kind switch
    {
        FileKind.Regular => null,
        FileKind.SymbolicLink => "a symbolic link; links are not followed",
        FileKind.Directory => "a directory",
        _ => "not a regular file",
    };
}
