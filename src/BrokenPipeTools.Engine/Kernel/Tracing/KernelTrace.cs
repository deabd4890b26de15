using System.Runtime.Versioning;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>Traces the kernel: makes the ring buffer, reads it, and returns its events in the order of their times.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelTrace : IDisposable
{
    /// <summary>Nanoseconds. The kernel gives an event its time before the event can be read, so the events of this last time may be incomplete.</summary>
    private static readonly long Settling = Nanoseconds.From(TimeSpan.FromMilliseconds(2));

    private readonly TraceFileSystem _files;
    private readonly TraceInstance _instance;
    private readonly EventDecoder _decoder = new();
    private readonly EventPages _pages;
    private readonly List<PagePipe> _pipes = [];
    private readonly List<string> _lacks = [];
    private readonly byte[] _page;

    private KernelTrace(TraceFileSystem files, TraceInstance instance)
    {
        _files = files;
        _instance = instance;
        PageLayout layout = instance.Layout();
        _pages = new EventPages(layout, _decoder);
        _page = new byte[layout.PageSize];
    }

    /// <summary>The root of tracefs.</summary>
    public string Root => _files.Root;

    /// <summary>The columns that the events of this kernel cannot fill, each with the name of the missing event.</summary>
    public IReadOnlyList<string> Lacks => _lacks;

    /// <summary>The number of events that were overwritten before they were read, or that could not be read.</summary>
    public long Lost => _pages.Lost;

    /// <summary>The number of overwritten events by the kernel's own count. Read it after all events were read.</summary>
    public long Overwritten => _instance.Overwritten();

    /// <summary>Whether failed calls are found by tracing the exits of system calls, which is slow.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>Starts to trace.</summary>
    /// <param name="kilobytes">The size of the ring of each CPU, in KiB.</param>
    /// <param name="allowSlow">Whether the events of system calls may be used if the kernel has no others.</param>
    /// <param name="preferSlow">Whether these events are used even if the kernel has others; for tests.</param>
    /// <exception cref="TraceException">The kernel cannot be traced.</exception>
    public static KernelTrace Start(int kilobytes, bool allowSlow, bool preferSlow = false)
    {
        TraceFileSystem files = TraceFileSystem.Open();
        TraceInstance? instance = null;
        KernelTrace? trace = null;
        try
        {
            instance = TraceInstance.Create(files.Root, kilobytes);
            trace = new KernelTrace(files, instance);
            trace.Enable(allowSlow, preferSlow);
            return trace;
        }
        catch
        {
            if (trace is not null)
            {
                trace.Dispose();
            }
            else
            {
                instance?.Dispose();
                files.Dispose();
            }

            throw;
        }
    }

    /// <summary>
    /// Reads all available events. Returns those up to the <paramref name="horizon"/> in order of time; the next call returns the later ones.
    /// </summary>
    /// <param name="horizon">The time up to which no event is missing, in nanoseconds of CLOCK_MONOTONIC.</param>
    public IReadOnlyList<KernelEvent> Read(out long horizon)
    {
        long end = TraceClock.Now() - Settling;
        foreach (PagePipe pipe in _pipes)
        {
            // The bound on pages keeps many events on one CPU from delaying the events of the other CPUs.
            for (int pages = 0; pages < 4096 && pipe.Read(_page) is > 0 and int length; pages++)
                _pages.Add(_page.AsSpan(0, length));
        }

        horizon = end;
        return _pages.Take(end);
    }

    public void Dispose()
    {
        foreach (PagePipe pipe in _pipes)
            pipe.Dispose();
        _instance.Dispose();
        _files.Dispose();
    }

    private void Enable(bool allowSlow, bool preferSlow)
    {
        foreach (string pipe in _instance.Pipes)
            _pipes.Add(PagePipe.Open(pipe));
        foreach ((string name, string? filter, string columns) in TraceEvents.Sockets)
        {
            if (!TryEnable(name, filter))
                _lacks.Add($"{columns} ({name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]})");
        }

        EnableDrops();
        IsSlow = preferSlow || !TraceEvents.Calls.All(call => TryEnable(call.Name, call.Filter));
        if (!IsSlow)
            return;
        if (!allowSlow)
            throw new TraceException(TraceProblemId.TraceSlow, "trace: this kernel (before Linux 6.3) has no event for failed socket calls; use -Force to trace every system call in its place, which slows all of them");
        string[] enabled = [.. TraceEvents.SystemCalls.Where(call => TryEnable($"syscalls/sys_exit_{call}", TraceEvents.SystemCallFilter))];
        if (enabled.Length == 0)
            throw new TraceException(TraceProblemId.TraceUnsupported, "trace: this kernel has no events for socket calls and none for system calls");
        _lacks.Add("addresses of most calls (sock_send_length)");
    }

    private bool TryEnable(string name, string? filter)
    {
        if (_instance.Format(name) is not { } format || !_decoder.Add(name, format))
            return false;
        _instance.Enable(name, filter);
        return true;
    }

    /// <summary>Enables the event of dropped packets. Its filter needs the numbers that the reasons have in this kernel.</summary>
    private void EnableDrops()
    {
        if (_instance.Format(TraceEvents.Drops) is not { } format)
            return;
        string filter = string.Join(" || ", format.SymbolsOf("reason").Where(one => TraceEvents.DropReasons.Contains(one.Value)).Select(one => FormattableString.Invariant($"reason=={one.Key}")));
        if (filter.Length > 0)
            TryEnable(TraceEvents.Drops, filter);
    }
}
