namespace BrokenPipeTools.Testing.Processes;

/// <summary>Skipped elsewhere: the test is for Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs Linux";
}
