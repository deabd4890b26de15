namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>The reasons why the kernel cannot be traced. The names are public, because scripts compare them.</summary>
public enum TraceProblemId
{
    /// <summary>The system is not Linux, or this kernel does not have the events.</summary>
    TraceUnsupported,

    /// <summary>Tracing needs root.</summary>
    TraceAccessDenied,

    /// <summary>
    /// This kernel has no cheap event for failed calls. The alternative slows down every system call of the machine, so the user must request it.
    /// </summary>
    TraceSlow,

    /// <summary>The network namespace, or the process that it is named by, does not exist.</summary>
    NetworkNamespaceNotFound,

    /// <summary>The path is not the path of a network namespace.</summary>
    NetworkNamespaceInvalid,

    /// <summary>This process may not enter the network namespace: that needs root (CAP_SYS_ADMIN).</summary>
    NetworkNamespaceAccessDenied,

    /// <summary>A step failed, or the events could not be read.</summary>
    TraceFailed,
}

/// <summary>The error if the kernel cannot be traced.</summary>
public sealed class TraceException : Exception
{
    internal TraceException(TraceProblemId id, string message, Exception? cause = null)
        : base(message, cause) => Id = id;

    /// <summary>The reason.</summary>
    public TraceProblemId Id { get; }
}
