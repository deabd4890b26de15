using System.Globalization;

namespace BrokenPipeTools.Tracing;

/// <summary>A process, as far as it could be read.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name (/proc/PID/comm).</param>
/// <param name="CommandLine">The program with its arguments; null if it could not be read.</param>
/// <param name="ContainerId">The container; null outside of one.</param>
/// <param name="Network">The kernel's name of its network namespace, such as <c>net:[4026531840]</c>; null if it could not be read.</param>
internal sealed record ProcessInfo(int Id, string? Name, string? CommandLine, string? ContainerId, string? Network = null)
{
    /// <summary>Such as <c>nginx[812]</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name ?? "?"}[{Id}]");
}
