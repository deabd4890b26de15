namespace BrokenPipeTools.SocketModel;

/// <summary>The result of a call on a socket of Linux. <see cref="CallResultText.Text"/> returns the word that records contain.</summary>
internal enum CallResult : byte
{
    /// <summary>There is no error. It is never the result of a call.</summary>
    None,

    /// <summary>There is no socket for a call: no socket listens, or the connection was never accepted.</summary>
    NoSocket,

    /// <summary>The write was accepted.</summary>
    Ok,

    /// <summary>read returns 0.</summary>
    EndOfFile,

    /// <summary>The call waits (non-blocking: EAGAIN). There is nothing to read yet, or no room to write, or the socket is not connected yet.</summary>
    Blocks,

    BrokenPipe,
    Reset,
    Refused,
    Aborted,
    TimedOut,
    HostUnreachable,
    NetworkUnreachable,
    NoProtocol,
    NotSupported,
    NoNetwork,
    HostDown,
    AccessDenied,
    ProtocolError,
    NotConnected,
}
