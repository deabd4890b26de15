using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>The interval between two readings of the counters: either a time, or the run of a command.</summary>
/// <param name="words">The command and its arguments; empty if a time is given.</param>
/// <param name="seconds">The time in seconds; null if a command is given.</param>
/// <param name="cancellation">Ends the time or the command early.</param>
internal sealed class Counting(string[] words, double? seconds, CancellationToken cancellation)
{
    private const int Success = 0;
    private const int NotFound = 127; // the exit code of shells for a command that was not found
    private const int Terminate = 15; // SIGTERM
    private const string Shell = "/bin/sh";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The time that the command has to end by itself after Ctrl+C. (A terminal sends Ctrl+C to the command, too.)</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(1);

    /// <summary>Whether a time or a command was given.</summary>
    public bool IsNeeded => words.Length > 0 || seconds is not null;

    /// <summary>Waits until the time or the command is over.</summary>
    /// <returns>The exit code: that of the command, or <see cref="Termination.Interrupted"/>.</returns>
    public int Run()
    {
        if (words.Length > 0)
            return RunCommand();
        return cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(seconds ?? 0)) ? Termination.Interrupted : Success;
    }

    private int RunCommand()
    {
        try
        {
            using Process process = ProcessGate.Start(new ProcessStartInfo(Shell, ["-c", "exec \"$@\" >&2", Shell, .. words]))!; // null only if a document was opened
            Stopwatch? waiting = null;
            while (!process.WaitForExit(Pause))
            {
                if (!cancellation.IsCancellationRequested)
                    continue;
                waiting ??= Stopwatch.StartNew();
                if (waiting.Elapsed < GracePeriod)
                    continue;
                _ = Kill(process.Id, Terminate);
                waiting.Restart();
            }

            return process.ExitCode; // if a signal killed the command, this is 128 plus the number of the signal
        }
        catch (Win32Exception e)
        {
            StandardError.WriteLine($"brokenpipe: CommandFailed: {words[0]}: {e.Message}");
            return NotFound;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
