using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Sockets;

/// <summary>How many file descriptors the system allows this process (RLIMIT_NOFILE, getrlimit(2); ulimit -n).</summary>
internal static class DescriptorLimit
{
    /// <summary>
    /// The number of descriptors that are reserved for everything else. If .NET gets no descriptor for an assembly or a thread, it ends the process.
    /// An assembly in a file takes two descriptors; a native program loads no assemblies.
    /// </summary>
    public static int Reserve { get; } = RuntimeFeature.IsDynamicCodeSupported ? 64 : 16;

    private const string Name = "Max open files";

    /// <summary>
    /// How many more sockets this process may open: <see cref="int.MaxValue"/> if the platform shows no limit, less than 1 if it may open none.
    /// </summary>
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
                return 0; // no descriptor is left to read the file
            }
        }
    }

    /// <summary>
    /// The lowest descriptor number of the reserve. A new descriptor gets the lowest free number (POSIX, 2.6). If a new one has this number or a
    /// higher one, all below are in use, also by other parts of the process. <see cref="int.MaxValue"/> if the platform shows no limit.
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

    /// <summary>Returns the number of a socket's descriptor. On Windows it is a handle, which has no such limit.</summary>
    public static long NumberOf(Socket socket) => socket.Handle.ToInt64();

    private static int? Allowed() => OperatingSystem.IsLinux() ? Read(File.ReadLines("/proc/self/limits")) : null;

    private static bool IsNotThere(Exception e) => e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException; // /proc

    /// <summary>Reads the soft limit, which is the first number in its line (proc(5), /proc/PID/limits).</summary>
    internal static int? Read(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) is { } line
        && int.TryParse(line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            ? limit
            : null;
}
