using System.Globalization;

namespace BrokenPipeTools.Sockets;

/// <summary>How many file descriptors the system allows this process (RLIMIT_NOFILE, getrlimit(2); ulimit -n).</summary>
internal static class DescriptorLimit
{
    /// <summary>
    /// Descriptors kept for everything else: .NET ends the process if it needs one, for an assembly or a thread, and gets none.
    /// </summary>
    public const int Reserve = 16;

    private const string Name = "Max open files";

    /// <summary>How many more sockets this process may open: <see cref="int.MaxValue"/> if the platform shows no limit, less than 1 for none.</summary>
    public static int Spare
    {
        get
        {
            try
            {
                return OperatingSystem.IsLinux() && Read(File.ReadLines("/proc/self/limits")) is { } allowed
                    ? allowed - Directory.GetFileSystemEntries("/proc/self/fd").Length - Reserve
                    : int.MaxValue;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
            {
                return int.MaxValue; // there is no /proc
            }
            catch (IOException)
            {
                return 0; // no descriptor is left to read it
            }
        }
    }

    /// <summary>Returns the soft limit, the first number of its line (proc(5), /proc/PID/limits).</summary>
    internal static int? Read(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) is { } line
        && int.TryParse(line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            ? limit
            : null;
}
