namespace BrokenPipeTools.Diagnosis;

/// <summary>What the next call on a socket returns, and how it leaves the socket. Linux.</summary>
internal static class SocketCalls
{
    /// <summary>
    /// tcp_recvmsg_locked(): the end comes before the error, and the error is read and cleared.
    /// </summary>
    public static (string Result, SocketState After) Read(in SocketState s) => s switch
    {
        { Phase: SocketPhase.None or SocketPhase.SynReceived } => (CallResult.NoSocket, s),
        { EndReceived: true } => (CallResult.EndOfFile, s),
        { Error: { } error } => (error, s with { Error = null }),
        { Phase: SocketPhase.Closed } => (CallResult.EndOfFile, s),
        _ => (CallResult.Blocks, s),
    };

    /// <summary>
    /// tcp_sendmsg_locked(): the error comes first, even after the program's own shutdown; then EPIPE, with SIGPIPE unless it is
    /// ignored or MSG_NOSIGNAL is given.
    /// </summary>
    public static (string Result, SocketState After) Write(in SocketState s) => s switch
    {
        { Error: { } error } => (error, s with { Error = null }),
        { Phase: SocketPhase.None or SocketPhase.SynReceived } => (CallResult.NoSocket, s),
        { Phase: SocketPhase.SynSent } => (CallResult.Blocks, s),
        { WriteShut: true } or { Phase: not (SocketPhase.Established or SocketPhase.CloseWait) } => (CallResult.BrokenPipe, s),
        { PeerWindowClosed: true } => (CallResult.Blocks, s),
        _ => (CallResult.Ok, s),
    };

    /// <summary>getsockopt(SO_ERROR), sock_error() and then sk_err_soft: reads and clears.</summary>
    public static (string Result, SocketState After) TakeError(in SocketState s) => s switch
    {
        { Error: { } error } => (error, s with { Error = null }),
        { SoftError: { } soft } => (soft, s with { SoftError = null }),
        _ => (CallResult.Ok, s),
    };
}
