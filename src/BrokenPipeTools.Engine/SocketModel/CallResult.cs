namespace BrokenPipeTools.SocketModel;

/// <summary>
/// The results of a read or a write, each one word. They are the values of the record's <c>ClientRead</c>, <c>ClientWrite</c> and so on, and of a
/// scenario's steps.
/// </summary>
internal static class CallResult
{
    /// <summary>There is no socket for a call: no socket listens, or the connection was never accepted.</summary>
    public const string NoSocket = "";

    /// <summary>The write was accepted.</summary>
    public const string Ok = "ok";

    /// <summary>read returns 0.</summary>
    public const string EndOfFile = "EOF";

    /// <summary>The call waits (non-blocking: EAGAIN). There is nothing to read yet, or no room to write, or the socket is not connected yet.</summary>
    public const string Blocks = "blocks";

    public const string BrokenPipe = "EPIPE";
    public const string Reset = "ECONNRESET";
    public const string Refused = "ECONNREFUSED";
    public const string Aborted = "ECONNABORTED";
    public const string TimedOut = "ETIMEDOUT";
    public const string HostUnreachable = "EHOSTUNREACH";
    public const string NetworkUnreachable = "ENETUNREACH";
    public const string NoProtocol = "ENOPROTOOPT";
    public const string NotSupported = "EOPNOTSUPP";
    public const string NoNetwork = "ENONET";
    public const string HostDown = "EHOSTDOWN";
    public const string AccessDenied = "EACCES";
    public const string ProtocolError = "EPROTO";
    public const string NotConnected = "ENOTCONN";
}
