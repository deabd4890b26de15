namespace BrokenPipeTools.SocketModel;

/// <summary>
/// The words for the results of calls: the values of the record's <c>ClientRead</c>, <c>ClientWrite</c> and so on, and of a scenario's steps. Errors
/// have their POSIX names.
/// </summary>
internal static class CallResultText
{
    public const string NoSocket = "";
    public const string Ok = "ok";
    public const string EndOfFile = "EOF";
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

    // in the order of the enum
    private static readonly string[] Texts =
    [
        NoSocket, NoSocket, Ok, EndOfFile, Blocks, BrokenPipe, Reset, Refused, Aborted, TimedOut, HostUnreachable, NetworkUnreachable, NoProtocol,
        NotSupported, NoNetwork, HostDown, AccessDenied, ProtocolError, NotConnected,
    ];

    /// <summary>Returns the word for a result; an empty text for <see cref="CallResult.NoSocket"/> and <see cref="CallResult.None"/>.</summary>
    public static string Text(this CallResult result) => Texts[(int)result];

    /// <summary>Returns the error, or another one if there is none.</summary>
    public static CallResult Or(this CallResult error, CallResult other) => error == CallResult.None ? other : error;
}
