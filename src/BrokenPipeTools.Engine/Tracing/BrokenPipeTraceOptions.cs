namespace BrokenPipeTools.Tracing;

/// <summary>Options of a trace.</summary>
public sealed record BrokenPipeTraceOptions
{
    /// <summary>Selects programs by their name; null for all.</summary>
    public Func<string, bool>? ProcessName { get; init; }

    /// <summary>The ids of the selected processes; empty for all.</summary>
    public IReadOnlyCollection<int> ProcessIds { get; init; } = [];

    /// <summary>The ports of the selected TCP connections, at either end; empty for all connections, Unix sockets and pipes.</summary>
    public IReadOnlyCollection<int> Ports { get; init; } = [];

    /// <summary>Whether to report also connections that ended abnormally without a failed call.</summary>
    public bool IncludeClosed { get; init; }

    /// <summary>Whether to trace every system call of the machine, which makes all of them slower; needed before Linux 6.3.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// The network namespace of the selected programs and connections: the id of a process in it, or a path such as /run/netns/blue. Null or empty:
    /// the whole host, or without root this process's own namespace.
    /// </summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>Size of the kernel's ring buffer of each CPU, in KiB.</summary>
    public int RingKilobytes { get; init; } = 2048;

    /// <summary>Whether to use the events of system calls even if the kernel has better ones; for tests.</summary>
    internal bool PreferSystemCalls { get; init; }

    /// <summary>Whether to trace only with the events of failed calls, so that it is an error without root.</summary>
    internal bool NeedsRoot { get; init; }

    /// <summary>Returns whether a record is selected, by the name or id of its program, and by its ports.</summary>
    internal bool Accepts(TracedFailure failure) =>
        IsOfWantedProcess(failure)
        && (Ports.Count == 0 || Ports.Contains(failure.LocalPort ?? 0) || Ports.Contains(failure.RemotePort ?? 0));

    private bool IsOfWantedProcess(TracedFailure failure) =>
        (ProcessName is null && ProcessIds.Count == 0)
        || (failure.Process is { } name && ProcessName?.Invoke(name) == true)
        || (failure.ProcessId is { } id && ProcessIds.Contains(id));
}
