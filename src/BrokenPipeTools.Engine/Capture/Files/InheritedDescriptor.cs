using System.Runtime.InteropServices;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// A descriptor that this process was started with, as standard input is. A shell can start a program without one (<c>&lt;&amp;-</c>);
/// the next file that the program opens then gets its number, and reading "standard input" would read that file.
/// </summary>
internal static class InheritedDescriptor
{
    public const int Input = 0; // STDIN_FILENO and the others, unistd.h
    public const int Output = 1;
    public const int Error = 2;

    private const int GetDescriptorFlags = 1; // F_GETFD and FD_CLOEXEC, fcntl.h: the same on Linux, macOS and BSD
    private const int CloseOnExec = 1;

    /// <summary>
    /// Returns whether the process was started with this descriptor open. .NET opens every file with FD_CLOEXEC, and a descriptor with
    /// that flag does not survive execve(2): it is not inherited. True on Windows, which has no descriptors.
    /// </summary>
    public static bool IsOpen(int descriptor)
    {
        if (OperatingSystem.IsWindows())
            return true;
        int flags = GetFlags(descriptor, GetDescriptorFlags);
        return flags >= 0 && (flags & CloseOnExec) == 0;
    }

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int GetFlags(int descriptor, int command);
}
