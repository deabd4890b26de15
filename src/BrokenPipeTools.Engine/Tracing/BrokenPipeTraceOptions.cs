namespace BrokenPipeTools.Tracing;

/// <summary>Options of a trace.</summary>
public sealed record BrokenPipeTraceOptions
{
    /// <summary>Only programs whose name this accepts; null for all.</summary>
    public Func<string, bool>? ProcessName { get; init; }

    /// <summary>Only processes with these ids; empty for all.</summary>
    public IReadOnlyCollection<int> ProcessIds { get; init; } = [];

    /// <summary>Only TCP connections with one of these ports at either end; empty for all connections, Unix sockets and pipes.</summary>
    public IReadOnlyCollection<int> Ports { get; init; } = [];

    /// <summary>Also connections that ended abnormally without a failed call.</summary>
    public bool IncludeClosed { get; init; }

    /// <summary>On kernels before Linux 6.3: watch every system call of the machine, which slows all of them.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// Only programs in this network namespace, and only its connections: the id of a process in it, or a path such as
    /// <c>/run/netns/blue</c>; null or empty for those of the whole host, or without root of our own namespace.
    /// </summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>Size of the kernel's ring buffer of each CPU, in KiB.</summary>
    public int RingKilobytes { get; init; } = 2048;

    /// <summary>Use the events of system calls even if the kernel has better ones; for tests.</summary>
    internal bool PreferSystemCalls { get; init; }

    /// <summary>Whether to trace only with the events of failed calls: an error without root.</summary>
    internal bool NeedsRoot { get; init; }

    /// <summary>Whether a record is wanted: of a program with one of the names or one of the ids, and with one of the ports.</summary>
    internal bool Accepts(TracedFailure failure) =>
        IsOfWantedProcess(failure)
        && (Ports.Count == 0 || Ports.Contains(failure.LocalPort ?? 0) || Ports.Contains(failure.RemotePort ?? 0));

    private bool IsOfWantedProcess(TracedFailure failure) =>
        (ProcessName is null && ProcessIds.Count == 0)
        || (failure.Process is { } name && ProcessName?.Invoke(name) == true)
        || (failure.ProcessId is { } id && ProcessIds.Contains(id));
}
