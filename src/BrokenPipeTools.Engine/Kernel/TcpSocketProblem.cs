namespace BrokenPipeTools.Kernel;

/// <summary>The reasons why the open sockets cannot be listed. The names are public: scripts compare them.</summary>
public enum TcpSocketProblemId
{
    /// <summary>Not Linux, or a Linux without socket diagnostics.</summary>
    SocketsUnsupported,

    /// <summary>The network namespace or process does not exist.</summary>
    NetworkNamespaceNotFound,

    /// <summary>The path is not that of a network namespace.</summary>
    NetworkNamespaceInvalid,

    /// <summary>The network namespace may not be entered: that needs root (CAP_SYS_ADMIN).</summary>
    NetworkNamespaceAccessDenied,

    /// <summary>The kernel did not list them.</summary>
    SocketReadFailed,
}

/// <summary>The open sockets cannot be listed.</summary>
public sealed class TcpSocketException : Exception
{
    internal TcpSocketException(TcpSocketProblemId id, string message, Exception? cause = null)
        : base(message, cause) => Id = id;

    /// <summary>The reason.</summary>
    public TcpSocketProblemId Id { get; }
}
