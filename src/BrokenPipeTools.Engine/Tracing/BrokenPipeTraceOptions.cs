namespace BrokenPipeTools.Tracing;

/// <summary>What is traced.</summary>
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

    /// <summary>Size of the kernel's ring buffer of each CPU, in KiB.</summary>
    public int RingKilobytes { get; init; } = 2048;

    /// <summary>Use the events of system calls even if the kernel has better ones; for tests.</summary>
    internal bool PreferSystemCalls { get; init; }

    /// <summary>Whether a record is wanted.</summary>
    internal bool Accepts(TracedFailure failure) =>
        (ProcessName is null || (failure.Process is { } name && ProcessName(name)))
        && (ProcessIds.Count == 0 || (failure.ProcessId is { } id && ProcessIds.Contains(id)))
        && (Ports.Count == 0 || Ports.Contains(failure.LocalPort ?? 0) || Ports.Contains(failure.RemotePort ?? 0));
}
