using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace BrokenPipeTools.Benchmarks;

/// <summary>A command to measure. Its standard output goes to the file <paramref name="Output"/>, or is discarded.</summary>
internal sealed record PeerCommand(string Title, string Program, string[] Arguments, string? Output = null)
{
    /// <summary>The full path of the program; null if it is not installed.</summary>
    public string? Locate() => Path.IsPathRooted(Program)
        ? (File.Exists(Program) ? Program : null)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { Path.Combine(folder, Program), Path.Combine(folder, Program + ".exe") })
            .FirstOrDefault(File.Exists);
}

/// <summary>The resources that one run of a command used.</summary>
internal readonly record struct Measurement(TimeSpan Wall, TimeSpan Cpu, double PeakMiB);

/// <summary>
/// Runs a command as a separate process and measures it. If GNU time is installed, it measures: the kernel counts a process's peak memory from before
/// exec on, so the result for a child of this process would include the memory of this process; the child of the small time(1) has no such error.
/// Otherwise the memory of the process is read every few milliseconds.
/// </summary>
internal static class PeerRun
{
    private const string GnuTime = "/usr/bin/time";

    /// <summary>Whether the results come from GNU time.</summary>
    public static bool IsExact { get; } = OperatingSystem.IsLinux() && File.Exists(GnuTime);

    /// <exception cref="InvalidOperationException">The command failed, so its time has no meaning.</exception>
    public static Measurement Measure(PeerCommand command) => IsExact ? MeasureWithTime(command) : MeasureByPolling(command);

    private static Measurement MeasureWithTime(PeerCommand command)
    {
        string figures = Path.GetTempFileName();
        try
        {
            // The shell opens the output and then becomes the command.
            ProcessStartInfo start = new(GnuTime)
            {
                ArgumentList = { "-q", "-o", figures, "-f", "%U %S %M", "/bin/sh", "-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>/dev/null", "sh" },
            };
            start.ArgumentList.Add(command.Output ?? "/dev/null");
            start.ArgumentList.Add(command.Program);
            foreach (string argument in command.Arguments)
                start.ArgumentList.Add(argument);
            long begin = Stopwatch.GetTimestamp();
            using Process process = Start(start);
            process.WaitForExit();
            TimeSpan wall = Stopwatch.GetElapsedTime(begin);
            Check(command, process.ExitCode);
            double[] values = [.. File.ReadAllText(figures).Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
            return new Measurement(wall, TimeSpan.FromSeconds(values[0] + values[1]), values[2] / 1024);
        }
        finally
        {
            File.Delete(figures);
        }
    }

    private static Measurement MeasureByPolling(PeerCommand command)
    {
        ProcessStartInfo start = new(command.Program, command.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Stream output = command.Output is null ? Stream.Null : File.Create(command.Output);
        long begin = Stopwatch.GetTimestamp();
        using Process process = Start(start);
        Task copying = Task.WhenAll(
            process.StandardOutput.BaseStream.CopyToAsync(output), process.StandardError.BaseStream.CopyToAsync(Stream.Null));
        TimeSpan cpu = default;
        long peak = 0;
        do
        {
            try
            {
                process.Refresh();
                cpu = process.TotalProcessorTime;
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException)
            {
                break; // the process has ended
            }
        }
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(5)));

        copying.GetAwaiter().GetResult();
        process.WaitForExit();
        TimeSpan wall = Stopwatch.GetElapsedTime(begin);
        Check(command, process.ExitCode);
        return new Measurement(wall, cpu, peak / (1024.0 * 1024));
    }

    private static Process Start(ProcessStartInfo start) =>
        Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");

    private static void Check(PeerCommand command, int exitCode)
    {
        if (exitCode != 0)
            throw new InvalidOperationException($"{command.Title} ended with exit code {exitCode}");
    }
}
