namespace BrokenPipeTools.Tracing;

/// <summary>The options of a trace.</summary>
public sealed record BrokenPipeTraceOptions
{
    /// <summary>Returns whether a program is selected, by its name; null to select all programs.</summary>
    public Func<string, bool>? ProcessName { get; init; }

    /// <summary>The ids of the selected processes; empty for all.</summary>
    public IReadOnlyCollection<int> ProcessIds { get; init; } = [];

    /// <summary>The ports of the selected TCP connections, at either end; empty to select all connections, Unix-domain sockets and pipes.</summary>
    public IReadOnlyCollection<int> Ports { get; init; } = [];

    /// <summary>Whether to report also connections that ended abnormally although no call failed.</summary>
    public bool IncludeClosed { get; init; }

    /// <summary>
    /// Whether to trace every system call of the machine if the kernel has no cheaper events (before Linux 6.3). This makes all system calls slower.
    /// </summary>
    public bool Force { get; init; }

    /// <summary>
    /// The network namespace of the selected programs and connections: the id of a process in it, or a path such as /run/netns/blue. If it is null or
    /// empty, the whole host is traced; without root, only this process's own namespace.
    /// </summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>The size of the kernel's ring buffer of each CPU, in KiB.</summary>
    public int RingKilobytes { get; init; } = 2048;

    /// <summary>Whether to use the events of system calls even if the kernel has cheaper ones; for tests.</summary>
    internal bool PreferSystemCalls { get; init; }

    /// <summary>Whether to trace only with the events of failed calls. Without root, this is then an error.</summary>
    internal bool NeedsRoot { get; init; }

    /// <summary>Returns whether a record is selected: by the name or id of its program, and by its ports.</summary>
    internal bool Accepts(TracedFailure failure) =>
        IsOfWantedProcess(failure)
        && (Ports.Count == 0 || Ports.Contains(failure.LocalPort ?? 0) || Ports.Contains(failure.RemotePort ?? 0));

    private bool IsOfWantedProcess(TracedFailure failure) =>
        (ProcessName is null && ProcessIds.Count == 0)
        || (failure.Process is { } name && ProcessName?.Invoke(name) == true)
        || (failure.ProcessId is { } id && ProcessIds.Contains(id));
}
