namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>The reasons why the kernel cannot be traced. The names are public: scripts compare them.</summary>
public enum TraceProblemId
{
    /// <summary>Not Linux, or a kernel without the events.</summary>
    TraceUnsupported,

    /// <summary>Tracing needs root.</summary>
    TraceAccessDenied,

    /// <summary>This kernel has no cheap event for failed calls; the alternative slows down every system call of the machine, and must be forced.</summary>
    TraceSlow,

    /// <summary>The network namespace or process does not exist.</summary>
    NetworkNamespaceNotFound,

    /// <summary>The path is not that of a network namespace.</summary>
    NetworkNamespaceInvalid,

    /// <summary>The network namespace may not be entered: that needs root (CAP_SYS_ADMIN).</summary>
    NetworkNamespaceAccessDenied,

    /// <summary>A step failed, or the events could not be read.</summary>
    TraceFailed,
}

/// <summary>The kernel cannot be traced.</summary>
public sealed class TraceException : Exception
{
    internal TraceException(TraceProblemId id, string message, Exception? cause = null)
        : base(message, cause) => Id = id;

    /// <summary>The reason.</summary>
    public TraceProblemId Id { get; }
}
