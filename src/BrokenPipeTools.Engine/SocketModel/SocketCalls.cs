namespace BrokenPipeTools.SocketModel;

/// <summary>Predicts the result of the next call on a socket of Linux, and the state of the socket after the call.</summary>
internal static class SocketCalls
{
    /// <summary>Returns the result of connect: ok, the error, blocks if connect still waits, or no socket if none can have called it.</summary>
    public static CallResult Connect(in SocketState s) => s switch
    {
        { ConnectError: not CallResult.None } => s.ConnectError,
        { Phase: SocketPhase.SynSent } => CallResult.Blocks,
        { Phase: SocketPhase.None } => CallResult.NoSocket,
        _ => CallResult.Ok,
    };

    /// <summary>
    /// Returns the result of the next read. After a failed connect it is ENOTCONN; the end of the data is returned before an error
    /// (tcp_recvmsg_locked()).
    /// </summary>
    public static CallResult NextRead(in SocketState s) => s switch
    {
        { Phase: SocketPhase.None or SocketPhase.SynReceived } => CallResult.NoSocket,
        { ConnectError: not CallResult.None } => CallResult.NotConnected,
        { EndReceived: true } => CallResult.EndOfFile,
        { Error: not CallResult.None } => s.Error,
        { Phase: SocketPhase.Closed } => CallResult.EndOfFile,
        _ => CallResult.Blocks,
    };

    /// <summary>
    /// Returns the result of the next write. A pending error is returned first, even after the program's own shutdown. After that it is EPIPE, with
    /// SIGPIPE unless that is ignored or MSG_NOSIGNAL is set (tcp_sendmsg_locked()).
    /// </summary>
    public static CallResult NextWrite(in SocketState s) => s switch
    {
        { Error: not CallResult.None } => s.Error,
        { Phase: SocketPhase.None or SocketPhase.SynReceived } => CallResult.NoSocket,
        { Phase: SocketPhase.SynSent } => CallResult.Blocks,
        { WriteShut: true } or { Phase: not (SocketPhase.Established or SocketPhase.CloseWait) } => CallResult.BrokenPipe,
        { WaitsForWindow: true } => CallResult.Blocks,
        _ => CallResult.Ok,
    };

    /// <summary>Reads. Returns the result, and the socket's state after the read. A returned error is cleared (sock_error()).</summary>
    public static (CallResult Result, SocketState After) Read(in SocketState s)
    {
        bool takes = s is { EndReceived: false, Error: not CallResult.None, Phase: not (SocketPhase.None or SocketPhase.SynReceived) };
        return (NextRead(s), takes ? s with { Error = CallResult.None } : s);
    }

    /// <summary>Writes. Returns the result, and the socket's state after the write.</summary>
    public static (CallResult Result, SocketState After) Write(in SocketState s) => (NextWrite(s), s.Error == CallResult.None ? s : s with { Error = CallResult.None });

    /// <summary>Models getsockopt(SO_ERROR). It returns and clears sock_error(), and then sk_err_soft.</summary>
    public static (CallResult Result, SocketState After) TakeError(in SocketState s) => s switch
    {
        { Error: not CallResult.None } => (s.Error, s with { Error = CallResult.None }),
        { SoftError: not CallResult.None } => (s.SoftError, s with { SoftError = CallResult.None }),
        _ => (CallResult.Ok, s),
    };
}
