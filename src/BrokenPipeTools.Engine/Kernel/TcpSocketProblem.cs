namespace BrokenPipeTools.Kernel;

/// <summary>The reasons why the open sockets cannot be listed. The names are public, because scripts compare them.</summary>
public enum TcpSocketProblemId
{
    /// <summary>The system is not Linux, or this Linux has no socket diagnostics.</summary>
    SocketsUnsupported,

    /// <summary>The network namespace, or the process that it is named by, does not exist.</summary>
    NetworkNamespaceNotFound,

    /// <summary>The path is not the path of a network namespace.</summary>
    NetworkNamespaceInvalid,

    /// <summary>This process may not enter the network namespace: that needs root (CAP_SYS_ADMIN).</summary>
    NetworkNamespaceAccessDenied,

    /// <summary>The kernel did not list the sockets.</summary>
    SocketReadFailed,
}

/// <summary>The error if the open sockets cannot be listed.</summary>
public sealed class TcpSocketException : Exception
{
    internal TcpSocketException(TcpSocketProblemId id, string message, Exception? cause = null)
        : base(message, cause) => Id = id;

    /// <summary>The reason.</summary>
    public TcpSocketProblemId Id { get; }
}
