using System.Runtime.InteropServices;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Checks a descriptor that this process was started with, such as standard input. A shell can start a program without it (&lt;&amp;-). Then the next
/// file that the program opens gets its number, and reading "standard input" would read that file.
/// </summary>
internal static class InheritedDescriptor
{
    public const int Input = 0; // STDIN_FILENO and the others, unistd.h
    public const int Output = 1;
    public const int Error = 2;

    private const int GetDescriptorFlags = 1; // F_GETFD and FD_CLOEXEC, fcntl.h: the same on Linux, macOS and BSD
    private const int CloseOnExec = 1;

    /// <summary>
    /// Returns whether the process was started with this descriptor open. .NET opens every file with FD_CLOEXEC, and execve(2) closes descriptors
    /// with that flag, so a descriptor with the flag was not inherited. True on Windows, which has no descriptors.
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
