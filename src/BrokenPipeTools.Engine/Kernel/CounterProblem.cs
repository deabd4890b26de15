namespace BrokenPipeTools.Kernel;

/// <summary>The reasons why counters cannot be read. The names are public, because scripts compare them.</summary>
public enum CounterProblemId
{
    /// <summary>The system is not Linux, or this Linux does not have the files.</summary>
    CountersUnsupported,

    /// <summary>The network namespace, or the process that it is named by, does not exist.</summary>
    NetworkNamespaceNotFound,

    /// <summary>The path is not the path of a network namespace.</summary>
    NetworkNamespaceInvalid,

    /// <summary>This process may not enter the network namespace: that needs root (CAP_SYS_ADMIN).</summary>
    NetworkNamespaceAccessDenied,

    /// <summary>The kernel's files could not be read.</summary>
    CounterReadFailed,
}

/// <summary>The error if counters cannot be read.</summary>
public sealed class CounterException : Exception
{
    internal CounterException(CounterProblemId id, string message, Exception? cause = null)
        : base(message, cause) => Id = id;

    /// <summary>The reason.</summary>
    public CounterProblemId Id { get; }
}
