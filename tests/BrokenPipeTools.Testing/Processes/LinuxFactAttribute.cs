namespace BrokenPipeTools.Testing.Processes;

/// <summary>Skipped elsewhere: what is tested is Linux's.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs Linux";
}
