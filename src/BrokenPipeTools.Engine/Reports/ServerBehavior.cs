namespace BrokenPipeTools.Reports;

/// <summary>The behaviors of a misbehaving server. The names are public: scripts and the command line use them.</summary>
public enum ServerBehavior
{
    /// <summary>Answers every HTTP request with a page; keeps the connection open if the request permits it.</summary>
    HttpHtml,

    /// <summary>Answers every HTTP request with a JSON object; keeps the connection open if the request permits it.</summary>
    HttpJson,

    /// <summary>Answers every HTTP request with headers and Content-Length: 0; keeps the connection open if the request permits it.</summary>
    HttpHeadersOnly,

    /// <summary>Sends the answer one byte at a time, with an interval between two bytes.</summary>
    SlowResponse,

    /// <summary>Sends RST immediately after accept.</summary>
    ResetOnAccept,

    /// <summary>Reads the request, then sends RST.</summary>
    ResetAfterRequest,

    /// <summary>Sends FIN immediately after accept.</summary>
    CloseOnAccept,

    /// <summary>Reads the request, then sends FIN without an answer.</summary>
    CloseAfterRequest,

    /// <summary>Never reads; closes when data have arrived, so that its kernel sends RST.</summary>
    CloseWithUnreadData,

    /// <summary>Sends seven random bytes, then FIN.</summary>
    RandomBytes,

    /// <summary>Reads everything and sends nothing, for a day.</summary>
    NeverAnswer,

    /// <summary>Answers HTTP requests; closes after it has received no byte for a while.</summary>
    IdleTimeout,

    /// <summary>Sends FIN after the request and continues to read until the client closes.</summary>
    HalfClose,

    /// <summary>Announces more body than it sends, then closes.</summary>
    TruncatedBody,

    /// <summary>Answers 413 and closes while the client is still uploading.</summary>
    EarlyResponse,

    /// <summary>Closes after a number of answers, without announcing it.</summary>
    MaxRequests,

    /// <summary>Does not listen for a time: the kernel refuses connections.</summary>
    Refuse,

    /// <summary>Keeps the accept queue full for a time: Linux does not answer a SYN.</summary>
    FullBacklog,

    /// <summary>Drops SYNs for a time.</summary>
    DropSyn,

    /// <summary>Accepts no connection for a time: clients connect, and wait.</summary>
    LateAccept,

    /// <summary>Reads the ClientHello, then sends RST.</summary>
    ResetBeforeHandshake,

    /// <summary>Sends RST after the ServerHello.</summary>
    ResetDuringHandshake,

    /// <summary>Sends RST when the TLS handshake is complete.</summary>
    ResetAfterHandshake,

    /// <summary>Forwards bytes and half-closes between the client and the upstream server.</summary>
    Forward,

    /// <summary>As <see cref="Forward"/>, up to a limit; then sends FIN.</summary>
    ForwardThenClose,

    /// <summary>As <see cref="Forward"/>, up to a limit; then sends RST.</summary>
    ForwardThenReset,

    /// <summary>As <see cref="Forward"/>, up to a limit; then forwards nothing more and keeps the connection open.</summary>
    ForwardThenSilence,

    /// <summary>A Unix-domain socket that logs the received text.</summary>
    UnixSink,
}
