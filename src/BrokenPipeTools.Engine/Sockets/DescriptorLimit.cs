using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Sockets;

/// <summary>How many file descriptors the system allows this process (RLIMIT_NOFILE, getrlimit(2); ulimit -n).</summary>
internal static class DescriptorLimit
{
    /// <summary>
    /// Left for everything else: .NET itself ends the process if it needs a descriptor, for an assembly or a thread, and gets none. An
    /// assembly that is a file takes two; a native program has none.
    /// </summary>
    public static int Reserve { get; } = RuntimeFeature.IsDynamicCodeSupported ? 64 : 16;

    private const string Name = "Max open files";

    /// <summary>How many more sockets this process may open: <see cref="int.MaxValue"/> if the platform shows no limit, less than 1 for none.</summary>
    public static int Spare
    {
        get
        {
            try
            {
                return Allowed() is { } allowed ? allowed - Directory.GetFileSystemEntries("/proc/self/fd").Length - Reserve : int.MaxValue;
            }
            catch (Exception e) when (IsNotThere(e))
            {
                return int.MaxValue;
            }
            catch (IOException)
            {
                return 0; // no descriptor is left to read it
            }
        }
    }

    /// <summary>
    /// The first number that belongs to the reserve: a descriptor is given the lowest free number (POSIX, 2.6), so that one with this
    /// number or a higher one shows that all below are in use, also by other parts of the process. <see cref="int.MaxValue"/> if the platform shows no limit.
    /// </summary>
    public static int FirstReserved()
    {
        try
        {
            return Allowed() - Reserve ?? int.MaxValue;
        }
        catch (Exception e) when (e is IOException || IsNotThere(e))
        {
            return int.MaxValue;
        }
    }

    /// <summary>The number of a socket's descriptor. On Windows a handle, of which there is no such limit.</summary>
    public static long NumberOf(Socket socket) => socket.Handle.ToInt64();

    private static int? Allowed() => OperatingSystem.IsLinux() ? Read(File.ReadLines("/proc/self/limits")) : null;

    private static bool IsNotThere(Exception e) => e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException; // /proc

    /// <summary>The soft limit, the first number of its line (proc(5), /proc/PID/limits).</summary>
    internal static int? Read(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) is { } line
        && int.TryParse(line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            ? limit
            : null;
}
