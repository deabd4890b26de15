using System.Globalization;

namespace BrokenPipeTools.Sockets;

/// <summary>How many file descriptors the system allows this process (RLIMIT_NOFILE, getrlimit(2); ulimit -n).</summary>
internal static class DescriptorLimit
{
    /// <summary>
    /// Left for everything else: .NET itself ends the process if it needs a descriptor, for an assembly or a thread, and gets none.
    /// </summary>
    public const int Reserve = 16;

    private const string Name = "Max open files";

    /// <summary>The limit; null if the platform does not show it, or has none.</summary>
    public static int? Allowed => OperatingSystem.IsLinux() ? Read(File.ReadLines("/proc/self/limits")) : null;

    /// <summary>How many more sockets this process may open; at most <see cref="int.MaxValue"/>, and less than 1 for none.</summary>
    public static int Spare => Allowed is { } allowed ? allowed - Directory.GetFileSystemEntries("/proc/self/fd").Length - Reserve : int.MaxValue;

    /// <summary>The soft limit, the first number of its line (proc(5), /proc/PID/limits).</summary>
    internal static int? Read(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) is { } line
        && int.TryParse(line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            ? limit
            : null;
}
