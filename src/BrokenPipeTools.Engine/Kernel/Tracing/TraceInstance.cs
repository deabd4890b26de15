using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>
/// A separate ring buffer (instances/brokenpipe-PID-STARTTIME), so that other users of tracing are not disturbed. Dispose removes it. If the process
/// is killed, the buffer remains, with its events enabled, until the next run removes it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TraceInstance : IDisposable
{
    private const string Prefix = "brokenpipe-";
    private const int MostAttempts = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static int s_created;

    private readonly string _path;

    private TraceInstance(string path) => _path = path;

    /// <summary>The paths of the raw pages, one for each CPU.</summary>
    public IEnumerable<string> Pipes => Directory.EnumerateDirectories(Path.Combine(_path, "per_cpu")).Order(StringComparer.Ordinal).Select(cpu => Path.Combine(cpu, "trace_pipe_raw"));

    /// <summary>Makes a ring buffer.</summary>
    /// <param name="root">The root of tracefs.</param>
    /// <param name="kilobytes">The size of the ring of each CPU, in KiB.</param>
    /// <exception cref="TraceException">The kernel does not allow it.</exception>
    public static TraceInstance Create(string root, int kilobytes)
    {
        RemoveAbandoned(root);
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{StartTime("self")}-{Interlocked.Increment(ref s_created)}");
        TraceInstance instance = new(Path.Combine(root, "instances", name));
        try
        {
            Directory.CreateDirectory(instance._path);
            instance.Write("trace_clock", "mono");
            instance.Write("buffer_size_kb", kilobytes.ToString(CultureInfo.InvariantCulture));
            instance.TryWrite("options/record-tgid", "1");
            return instance;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            instance.Dispose();
            throw new TraceException(e is UnauthorizedAccessException ? TraceProblemId.TraceAccessDenied : TraceProblemId.TraceFailed, $"trace: cannot create a ring buffer: {e.Message}", e);
        }
    }

    /// <summary>Reads the format of an event. Returns null if this kernel does not have it.</summary>
    public EventFormat? Format(string name) => TraceFile.TryRead(EventPath(name, "format")) is { } text ? EventFormat.Parse(text) : null;

    /// <summary>Reads the layout of the ring buffer's pages.</summary>
    public PageLayout Layout() => PageLayout.Parse(TraceFile.TryRead(Path.Combine(_path, "events", "header_page")));

    /// <summary>Enables an event, with a filter.</summary>
    /// <exception cref="TraceException">The kernel does not accept it.</exception>
    public void Enable(string name, string? filter)
    {
        try
        {
            if (filter is not null)
                TraceFile.Write(EventPath(name, "filter"), filter);
            TraceFile.Write(EventPath(name, "enable"), "1");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TraceException(TraceProblemId.TraceFailed, $"trace: the kernel refused the event {name}{(filter is null ? "" : $" with the filter {filter}")}: {e.Message}", e);
        }
    }

    /// <summary>Returns how many events of all CPUs were overwritten before they were read (<c>per_cpu/cpuN/stats</c>).</summary>
    public long Overwritten() => Directory.EnumerateDirectories(Path.Combine(_path, "per_cpu")).Sum(cpu => Count(TraceFile.TryRead(Path.Combine(cpu, "stats")), "overrun: "));

    public void Dispose()
    {
        TryWrite("tracing_on", "0");
        TryWrite("events/enable", "0");
        for (int attempt = 0; attempt < MostAttempts && !TryRemove(_path); attempt++)
            Thread.Sleep(Pause);
    }

    /// <summary>Removes the buffers of processes that have ended. A buffer that another process still has open cannot be removed, and remains.</summary>
    private static void RemoveAbandoned(string root)
    {
        try
        {
            foreach (string path in Directory.EnumerateDirectories(Path.Combine(root, "instances"), Prefix + "*"))
            {
                string[] parts = Path.GetFileName(path)[Prefix.Length..].Split('-');
                if (parts.Length >= 2 && StartTime(parts[0]) != parts[1])
                    TryRemove(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another run removed the buffer first, or this process may not list it. Neither matters.
        }
    }

    /// <summary>Returns field 22 of /proc/PID/stat, which identifies a process uniquely together with its id. Returns null if the process has ended.</summary>
    private static string? StartTime(string process)
    {
        string? stat = TraceFile.TryRead($"/proc/{process}/stat");
        const int FieldsAfterName = 19;
        return stat?[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(FieldsAfterName);
    }

    private static long Count(string? stats, string label)
    {
        string? line = stats?.Split('\n').FirstOrDefault(one => one.StartsWith(label, StringComparison.Ordinal));
        return line is not null && long.TryParse(line.AsSpan(label.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : 0;
    }

    private static bool TryRemove(string path)
    {
        try
        {
            Directory.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Debug.WriteLine(e);
            return false;
        }
    }

    private string EventPath(string name, string file) => Path.Combine(_path, "events", name, file);

    private void Write(string file, string value) => TraceFile.Write(Path.Combine(_path, file), value);

    private void TryWrite(string file, string value)
    {
        try
        {
            Write(file, value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Debug.WriteLine(e); // the option exists only in newer kernels, or the buffer no longer exists
        }
    }
}
