using System.Runtime.InteropServices;
using System.Text;
using BrokenPipeTools.Cli.Output;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Cli;

/// <summary>
/// Reports an unexpected exception as one line. It uses only the core library: if the system has no free descriptor, the console's writer cannot be
/// opened, and no other library can be loaded.
/// </summary>
internal static class LastResort
{
    private const int Failed = 1;
    private const int ErrorDescriptor = 2; // STDERR_FILENO, unistd.h

    /// <summary>The fewest free descriptors with which libraries can certainly be loaded. The failed operation may have released some.</summary>
    private const int Needed = 16;

    /// <returns>The exit code.</returns>
    public static int Report(Exception problem)
    {
        Exception cause = problem.GetBaseException();
        string text = IsOutOfDescriptors()
            ? "TooFewDescriptors: too few file descriptors for this process; raise the limit (ulimit -n)"
            : $"{cause.GetType().Name}: {cause.Message}; this is an error in brokenpipe, please report it";
        if (OperatingSystem.IsWindows())
            StandardError.WriteLine($"brokenpipe: {OneLine(text)}");
        else
            Write($"brokenpipe: {OneLine(text)}\n");
        return Failed;
    }

    private static string OneLine(string text) => text.Replace("\r", "", StringComparison.Ordinal).Replace('\n', ' ');

    /// <summary>Writes with write(2), because a stream of .NET would open another descriptor, or write at its own offset.</summary>
    private static void Write(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        _ = Write(ErrorDescriptor, bytes, bytes.Length); // if this fails, there is no output left to report it on
    }

    [DllImport("libc", EntryPoint = "write")]
    private static extern nint Write(int descriptor, byte[] bytes, nint count);

    private static bool IsOutOfDescriptors()
    {
        if (OperatingSystem.IsWindows())
            return false;
        SafeFileHandle?[] opened = new SafeFileHandle?[Needed];
        try
        {
            for (int i = 0; i < Needed; i++)
                opened[i] = File.OpenHandle("/dev/null");
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        finally
        {
            foreach (SafeFileHandle? one in opened)
                one?.Dispose();
        }
    }
}
