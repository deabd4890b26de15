using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Cli;

/// <summary>
/// Removes the socket and the pipes that CoreCLR makes in the folder for temporary files, for debuggers and tracers
/// (https://learn.microsoft.com/dotnet/core/diagnostics/diagnostic-port). If the process is killed, they would remain there. Only an environment
/// variable can switch them off, and runtimeconfig.json cannot. The native command line does not have them.
/// </summary>
internal static class DiagnosticPort
{
    private const string Switch = "DOTNET_EnableDiagnostics";
    private const int StartTimeField = 22; // proc(5), /proc/PID/stat: the index of the field if the first field after the name is field 3

    /// <summary>Deletes the socket and the pipes, unless the environment variable is set or a debugger is attached.</summary>
    public static void Remove()
    {
        if (OperatingSystem.IsWindows() || !RuntimeFeature.IsDynamicCodeSupported || Debugger.IsAttached || Environment.GetEnvironmentVariable(Switch) is not null)
            return;
        try
        {
            string process = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{StartTime()}-");
            foreach (string pattern in new[] { $"dotnet-diagnostic-{process}socket", $"clr-debug-pipe-{process}*" })
            {
                foreach (string file in Directory.EnumerateFiles(Path.GetTempPath(), pattern))
                    File.Delete(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder does not exist, or may not be listed or written. Nothing is deleted.
        }
    }

    /// <summary>
    /// Returns the second number in the names of the files, the start time of the process. The process id alone is not unique: a process in another
    /// container may share the folder and have the same id.
    /// </summary>
    private static string StartTime()
    {
        if (!OperatingSystem.IsLinux())
            return "*";
        string status = File.ReadAllText("/proc/self/stat");
        return status[(status.LastIndexOf(')') + 2)..].Split(' ')[StartTimeField - 3];
    }
}
