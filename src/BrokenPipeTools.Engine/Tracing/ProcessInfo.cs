using System.Globalization;

namespace BrokenPipeTools.Tracing;

/// <summary>The data of a process that could be read.</summary>
/// <param name="Id">The id of the process.</param>
/// <param name="Name">The name of the process (/proc/PID/comm).</param>
/// <param name="CommandLine">The program with its arguments; null if it could not be read.</param>
/// <param name="ContainerId">The id of the process's container; null if the process is not in a container.</param>
/// <param name="Network">The kernel's name for the process's network namespace, such as net:[4026531840]; null if it could not be read.</param>
internal sealed record ProcessInfo(int Id, string? Name, string? CommandLine, string? ContainerId, string? Network = null)
{
    /// <summary>Returns name and id, such as nginx[812].</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name ?? "?"}[{Id}]");
}
