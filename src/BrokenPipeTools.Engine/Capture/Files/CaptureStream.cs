using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Capture.Files;

/// <summary>Opens the bytes of a capture by its name: a file, a FIFO, or standard input.</summary>
internal static class CaptureStream
{
    /// <summary>Opens the bytes. Opening and reading can be canceled if they wait for another program.</summary>
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
    /// <exception cref="IOException">The process was started without standard input.</exception>
    public static Stream OpenStandardInput(CancellationToken cancellation)
    {
        if (!InheritedDescriptor.IsOpen(InheritedDescriptor.Input))
            throw new IOException("standard input is closed");
        return (Stream?)TryOpenRedirectedFile() ?? new InterruptibleStream(Console.OpenStandardInput, cancellation);
    }

    /// <summary>
    /// Returns whether even opening the file may wait. A FIFO looks like a file without bytes. Process substitution passes a link to a pipe, whose
    /// target is not a file.
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

    /// <summary>Returns whether a file can have this name.</summary>
    private static bool IsName(string path) => path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal);

    /// <summary>Opens a file. Other programs may continue to write to it.</summary>
    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    /// <summary>
    /// Opens the file that standard input is redirected from; it has a length, and reading it does not wait. Null if standard input is something
    /// else.
    /// </summary>
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
            // Standard input is a directory, or is open for writing only: reading it as a stream raises the right error.
        }

        return null;
    }
}
