namespace BrokenPipeTools.Kernel;

/// <summary>The reasons why counters cannot be read. The names are public: scripts compare them.</summary>
public enum CounterProblemId
{
    /// <summary>Not Linux, or a Linux without these files.</summary>
    CountersUnsupported,

    /// <summary>The network namespace or process does not exist.</summary>
    NetworkNamespaceNotFound,

    /// <summary>The path is not that of a network namespace.</summary>
    NetworkNamespaceInvalid,

    /// <summary>The network namespace may not be entered: that needs root (CAP_SYS_ADMIN).</summary>
    NetworkNamespaceAccessDenied,

    /// <summary>The kernel's files could not be read.</summary>
    CounterReadFailed,
}

/// <summary>Counters cannot be read.</summary>
public sealed class CounterException : Exception
{
    internal CounterException(CounterProblemId id, string message, Exception? cause = null)
        : base(message, cause) => Id = id;

    /// <summary>The reason.</summary>
    public CounterProblemId Id { get; }
}
