namespace BrokenPipeTools.Wire;

/// <summary>The meaning of a free text, found by known words. The text itself is never stored.</summary>
internal enum ReasonPhrase : byte
{
    None,
    TimedOut,
    TooMany,
    ShuttingDown,
    Authentication,
    NotAllowed,

    /// <summary>HTTP 101 with Sec-WebSocket-Accept: the connection is a WebSocket from here on (RFC 6455, section 4.2.2).</summary>
    WebSocket,
}
