namespace BrokenPipeTools.SocketModel;

/// <summary>Predicts the result of the next call on a socket, and the state of the socket after it. Linux.</summary>
internal static class SocketCalls
{
    /// <summary>
    /// Returns the result of connect: ok, the error, blocks if it still waits, or nothing if no socket can have called it.
    /// </summary>
    public static string Connect(in SocketState s) => s switch
    {
        { ConnectError: { } error } => error,
        { Phase: SocketPhase.SynSent } => CallResult.Blocks,
        { Phase: SocketPhase.None } => CallResult.NoSocket,
        _ => CallResult.Ok,
    };

    /// <summary>
    /// Returns the result of the next read. tcp_recvmsg_locked(): ENOTCONN after a failed connect; the end of the data is returned before the error.
    /// </summary>
    public static string NextRead(in SocketState s) => s switch
    {
        { Phase: SocketPhase.None or SocketPhase.SynReceived } => CallResult.NoSocket,
        { ConnectError: not null } => CallResult.NotConnected,
        { EndReceived: true } => CallResult.EndOfFile,
        { Error: { } error } => error,
        { Phase: SocketPhase.Closed } => CallResult.EndOfFile,
        _ => CallResult.Blocks,
    };

    /// <summary>
    /// Returns the result of the next write. tcp_sendmsg_locked(): the error comes first, even after the program's own shutdown; then EPIPE, with
    /// SIGPIPE unless that is ignored or MSG_NOSIGNAL is set.
    /// </summary>
    public static string NextWrite(in SocketState s) => s switch
    {
        { Error: { } error } => error,
        { Phase: SocketPhase.None or SocketPhase.SynReceived } => CallResult.NoSocket,
        { Phase: SocketPhase.SynSent } => CallResult.Blocks,
        { WriteShut: true } or { Phase: not (SocketPhase.Established or SocketPhase.CloseWait) } => CallResult.BrokenPipe,
        { WaitsForWindow: true } => CallResult.Blocks,
        _ => CallResult.Ok,
    };

    /// <summary>Reads. Returns the result, and the state after it: a returned error is cleared (sock_error()).</summary>
    public static (string Result, SocketState After) Read(in SocketState s)
    {
        bool takes = s is { EndReceived: false, Error: not null, Phase: not (SocketPhase.None or SocketPhase.SynReceived) };
        return (NextRead(s), takes ? s with { Error = null } : s);
    }

    /// <summary>Writes. Returns the result, and the state after it.</summary>
    public static (string Result, SocketState After) Write(in SocketState s) => (NextWrite(s), s.Error is null ? s : s with { Error = null });

    /// <summary>getsockopt(SO_ERROR): reads and clears sock_error(), and then sk_err_soft.</summary>
    public static (string Result, SocketState After) TakeError(in SocketState s) => s switch
    {
        { Error: { } error } => (error, s with { Error = null }),
        { SoftError: { } soft } => (soft, s with { SoftError = null }),
        _ => (CallResult.Ok, s),
    };
}
