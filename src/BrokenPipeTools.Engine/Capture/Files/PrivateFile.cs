namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Creates files that only their owner may read, because a capture may contain passwords. The file is always a new one (O_CREAT with O_EXCL,
/// open(2)): a symbolic link at its path is not followed, and the owner, the mode and other names of an existing file are not kept.
/// </summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a file for writing. Others may read it at the same time if they have the right to.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Removes an existing regular file. Nothing else is removed: a link, a FIFO and a device are an error.</param>
    /// <exception cref="IOException">The file exists already, or cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be created.</exception>
    public static FileStream Create(string path, bool overwrite)
    {
        if (overwrite && CheckReplaceable(path))
            File.Delete(path);

        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>Returns true if there is a regular file, which may be replaced; false if there is nothing.</summary>
    /// <exception cref="IOException">Something other than a regular file exists.</exception>
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
