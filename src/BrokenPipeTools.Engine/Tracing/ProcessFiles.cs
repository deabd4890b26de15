using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Kernel.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>Reads the data of a running process from /proc.</summary>
[SupportedOSPlatform("linux")]
internal static partial class ProcessFiles
{
    private const int MostArguments = 4096; // the most characters of a command line that are kept

    /// <summary>Reads a process. Returns null if the process has ended.</summary>
    public static ProcessInfo? Read(int id)
    {
        if (TraceFile.TryRead($"/proc/{id}/comm") is not { Length: > 0 } name)
            return null;
        string? arguments = TraceFile.TryRead($"/proc/{id}/cmdline")?.TrimEnd('\0').Replace('\0', ' ');
        string? container = TraceFile.TryRead($"/proc/{id}/cgroup") is { } groups && Container().Match(groups) is { Success: true } found ? found.Value : null;
        return new ProcessInfo(id, name.TrimEnd('\n'), arguments is { Length: > 0 } ? arguments[..Math.Min(MostArguments, arguments.Length)] : null, container, NetworkNamespace.IdentityOf(id));
    }

    [GeneratedRegex("[0-9a-f]{64}", RegexOptions.CultureInvariant)]
    private static partial Regex Container();
}
