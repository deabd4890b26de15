using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Capture.Files;

/// <summary>The bytes that the name of a capture leads to: a file's, a FIFO's, or those of standard input.</summary>
internal static class CaptureStream
{
    /// <summary>Opens the bytes. If that or reading them may wait for another program, both can be canceled.</summary>
    /// <exception cref="IOException">The file cannot be opened, or standard input is closed.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Stream Open(string path, CancellationToken cancellation)
    {
        if (path == CaptureFile.StandardInput)
            return OpenStandardInput(cancellation);
        if (!IsName(path))
            throw new FileNotFoundException("not a valid file name");
        if (UndecodedName.Find(path) is { } name)
            return new InterruptibleStream(() => UndecodedName.Open(name), cancellation);
        return MayWait(path) ? new InterruptibleStream(() => OpenFile(path), cancellation) : OpenFile(path);
    }

    /// <summary>Opens standard input. Reading it can be canceled.</summary>
    /// <exception cref="IOException">The process was started without one.</exception>
    public static Stream OpenStandardInput(CancellationToken cancellation)
    {
        if (!InheritedDescriptor.IsOpen(InheritedDescriptor.Input))
            throw new IOException("standard input is closed");
        return (Stream?)TryOpenRedirectedFile() ?? new InterruptibleStream(Console.OpenStandardInput, cancellation);
    }

    /// <summary>
    /// Returns whether even opening the file may wait: a FIFO shows as a file without bytes. Process substitution gives a link to a
    /// pipe, whose target is not a file at all.
    /// </summary>
    public static bool MayWait(string path)
    {
        if (!IsName(path))
            return false;
        FileInfo file = new(path);
        try
        {
            if (file.LinkTarget is not null)
                file = new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path);
            else if (!file.Exists)
                return false;
            return !Directory.Exists(file.FullName) && (!file.Exists || file.Length == 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // opening it reports the problem
        }
    }

    /// <summary>Whether a file can have this name at all.</summary>
    private static bool IsName(string path) => path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal);

    /// <summary>Does not keep another program from writing to the file.</summary>
    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    /// <summary>A file that standard input is redirected from has a length, and reading it does not wait. Null if it is something else.</summary>
    private static FileStream? TryOpenRedirectedFile()
    {
        if (OperatingSystem.IsWindows())
            return null;
        try
        {
            FileStream file = new(new SafeFileHandle(InheritedDescriptor.Input, ownsHandle: false), FileAccess.Read, bufferSize: 0);
            if (file.CanSeek)
                return file;
            file.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A directory, or open for writing alone: reading it as a stream raises the error that fits.
        }

        return null;
    }
}
