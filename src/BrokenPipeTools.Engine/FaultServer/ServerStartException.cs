namespace BrokenPipeTools.FaultServer;

/// <summary>The reasons why a server could not be started. The names are error ids, which scripts compare.</summary>
public enum ServerProblemId
{
    /// <summary>Another socket already listens there (EADDRINUSE).</summary>
    AddressInUse,

    /// <summary>This machine has no such address (EADDRNOTAVAIL), or not that version of IP (EAFNOSUPPORT).</summary>
    AddressNotAvailable,

    /// <summary>Not permitted: ports below 1024 need a privilege on Unix (EACCES).</summary>
    ListenAccessDenied,

    /// <summary>The file exists already. It is not removed, because it may be another program's socket.</summary>
    UnixSocketPathExists,

    /// <summary>The path is too long for a socket (sun_path, man 7 unix: 107 bytes on Linux), or its folder is missing.</summary>
    UnixSocketPathInvalid,

    /// <summary>An option is out of its range, or does not fit the behavior.</summary>
    ServerOptionInvalid,

    /// <summary>The system allows the process too few file descriptors (RLIMIT_NOFILE, ulimit -n).</summary>
    TooFewDescriptors,

    /// <summary>The certificate has no private key or cannot be used for TLS, its file cannot be read, or an intermediate certificate is not in its chain.</summary>
    CertificateInvalid,

    /// <summary>Anything else.</summary>
    ServerStartFailed,
}

/// <summary>A server could not be started.</summary>
public sealed class ServerStartException(ServerProblemId id, string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>The kind of problem.</summary>
    public ServerProblemId Id { get; } = id;
}
