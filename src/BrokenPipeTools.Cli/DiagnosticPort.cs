using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Cli;

/// <summary>
/// Removes the socket and the pipes that CoreCLR makes for debuggers and tracers in the folder for temporary files
/// (https://learn.microsoft.com/dotnet/core/diagnostics/diagnostic-port). If the process is killed, they remain there. They can be switched off only
/// by an environment variable, not in runtimeconfig.json. The native command line has none.
/// </summary>
internal static class DiagnosticPort
{
    private const string Switch = "DOTNET_EnableDiagnostics";
    private const int StartTimeField = 22; // proc(5), /proc/PID/stat: the first field after the name is field 3

    /// <summary>Deletes the socket and the pipes, unless the environment variable has a value or a debugger is attached.</summary>
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
            // The folder does not exist, or may not be listed or written: nothing is deleted.
        }
    }

    /// <summary>Returns the second number in their names. The id alone is not unique: another container with the same folder may have the same one.</summary>
    private static string StartTime()
    {
        if (!OperatingSystem.IsLinux())
            return "*";
        string status = File.ReadAllText("/proc/self/stat");
        return status[(status.LastIndexOf(')') + 2)..].Split(' ')[StartTimeField - 3];
    }
}
