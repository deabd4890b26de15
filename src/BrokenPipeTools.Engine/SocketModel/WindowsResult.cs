namespace BrokenPipeTools.SocketModel;

/// <summary>
/// Maps a result of Linux to that of Winsock. Winsock has no EPIPE: a write on a closed connection fails with WSAECONNRESET or WSAECONNABORTED, and
/// after the program's own shutdown with WSAESHUTDOWN (https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2).
/// </summary>
internal static class WindowsResult
{
    private const string Gone = "WSAECONNRESET or WSAECONNABORTED";

    /// <summary>The result for an isolated source host (EHOSTUNREACH), because Winsock has no error of its own for it.</summary>
    private const string NoHost = "WSAEHOSTUNREACH";

    public static string OfRead(CallResult linux) => linux switch
    {
        CallResult.EndOfFile or CallResult.Blocks or CallResult.Ok => linux.Text(),
        CallResult.TimedOut => "WSAETIMEDOUT or WSAECONNABORTED",
        CallResult.NoNetwork => NoHost,
        CallResult.ProtocolError => Gone,
        _ => "WSA" + linux.Text(),
    };

    /// <param name="linux">The result on Linux.</param>
    /// <param name="ownShutdown">Whether the program has shut down its sending side and the connection still exists.</param>
    public static string OfWrite(CallResult linux, bool ownShutdown) => linux switch
    {
        CallResult.Ok or CallResult.Blocks => linux.Text(),
        CallResult.BrokenPipe => ownShutdown ? "WSAESHUTDOWN" : Gone,
        CallResult.Reset => Gone,
        CallResult.NoNetwork => NoHost,
        CallResult.ProtocolError => Gone,
        CallResult.TimedOut => "WSAETIMEDOUT or WSAECONNABORTED",
        _ => "WSA" + linux.Text(),
    };
}
