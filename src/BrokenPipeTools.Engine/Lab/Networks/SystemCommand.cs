using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Networks;

/// <summary>
/// A command of the system that runs as a child process in a network namespace. nsenter(1) enters the namespace, so that no thread of this process
/// has to be in it while the child is started.
/// </summary>
internal static class SystemCommand
{
    /// <summary>Folders of commands for administrators, which may be missing in the user's PATH.</summary>
    private static readonly string[] AdministratorFolders = ["/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin", "/bin"];

    /// <summary>The command that runs another command in a namespace (util-linux, busybox).</summary>
    public const string Launcher = "nsenter";

    /// <summary>Returns the path of the command; null if it is not installed.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(AdministratorFolders)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs the command until it ends. Returns its output.</summary>
    /// <param name="name">The command.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="input">The standard input of the command.</param>
    /// <param name="where">The namespace that the command runs in.</param>
    /// <exception cref="InvalidOperationException">The command is not installed, or it failed. The message contains the command's error text.</exception>
    [SupportedOSPlatform("linux")]
    public static string Run(string name, IEnumerable<string> arguments, string input, NetworkNamespace where)
    {
        ProcessStartInfo start = new(Require(Launcher), [$"--net={where.Path}", Require(name), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = ProcessGate.Start(start)!; // null only for documents that a shell opens
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Result : throw new InvalidOperationException($"{name}: {error.Result.Trim()}");
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new InvalidOperationException($"{name}: {e.Message}", e);
        }
    }

    private static string Require(string name) => Find(name) ?? throw new InvalidOperationException($"the command {name} is not installed");
}
