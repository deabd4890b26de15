namespace BrokenPipeTools.FaultServer;

/// <summary>The reasons why a server cannot be started. The names are error ids, which scripts compare.</summary>
public enum ServerProblemId
{
    /// <summary>Another socket already listens at that address and port (EADDRINUSE).</summary>
    AddressInUse,

    /// <summary>This machine does not have that address (EADDRNOTAVAIL), or does not support that version of IP (EAFNOSUPPORT).</summary>
    AddressNotAvailable,

    /// <summary>Listening is not permitted: ports below 1024 need a privilege on Unix (EACCES).</summary>
    ListenAccessDenied,

    /// <summary>The file of the Unix-domain socket exists already. It is not removed, because it may be another program's socket.</summary>
    UnixSocketPathExists,

    /// <summary>The path is too long for a socket (sun_path, man 7 unix: 107 bytes on Linux), or its folder is missing.</summary>
    UnixSocketPathInvalid,

    /// <summary>An option is out of range, or does not fit the behavior.</summary>
    ServerOptionInvalid,

    /// <summary>The system allows the process too few file descriptors (RLIMIT_NOFILE, ulimit -n).</summary>
    TooFewDescriptors,

    /// <summary>
    /// The certificate has no private key or cannot be used for TLS, its file cannot be read, or an intermediate certificate is not in its chain.
    /// </summary>
    CertificateInvalid,

    /// <summary>Any other error.</summary>
    ServerStartFailed,
}

/// <summary>The error if a server cannot be started.</summary>
public sealed class ServerStartException(ServerProblemId id, string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>The kind of problem.</summary>
    public ServerProblemId Id { get; } = id;
}
