namespace BrokenPipeTools.Reports;

/// <summary>The behaviors of a misbehaving server. The names are public: scripts and the command line use them.</summary>
public enum ServerBehavior
{
    /// <summary>Answers every HTTP request with a page; keeps the connection if HTTP does.</summary>
    HttpHtml,

    /// <summary>Answers every HTTP request with a JSON object; keeps the connection if HTTP does.</summary>
    HttpJson,

    /// <summary>Answers every HTTP request with headers and Content-Length: 0; keeps the connection if HTTP does.</summary>
    HttpHeadersOnly,

    /// <summary>Answers a byte at a time, an interval between them.</summary>
    SlowResponse,

    /// <summary>Sends RST immediately after accept.</summary>
    ResetOnAccept,

    /// <summary>Reads the request, then sends RST.</summary>
    ResetAfterRequest,

    /// <summary>Sends FIN immediately after accept.</summary>
    CloseOnAccept,

    /// <summary>Reads the request, then sends FIN without an answer.</summary>
    CloseAfterRequest,

    /// <summary>Never reads; closes when there is something to read, which makes its kernel send RST.</summary>
    CloseWithUnreadData,

    /// <summary>Sends seven random bytes, then FIN.</summary>
    RandomBytes,

    /// <summary>Reads everything and sends nothing, for a day.</summary>
    NeverAnswer,

    /// <summary>Answers HTTP requests until no byte has come for a while, then closes.</summary>
    IdleTimeout,

    /// <summary>Sends FIN after the request and reads on until the client closes.</summary>
    HalfClose,

    /// <summary>Promises more body than it sends, then closes.</summary>
    TruncatedBody,

    /// <summary>Answers 413 and closes while the client is still uploading.</summary>
    EarlyResponse,

    /// <summary>Closes after a number of answers without saying so before.</summary>
    MaxRequests,

    /// <summary>Does not listen for a time: the kernel refuses connections.</summary>
    Refuse,

    /// <summary>Keeps the accept queue full for a time: Linux does not answer a SYN.</summary>
    FullBacklog,

    /// <summary>Drops SYNs for a time.</summary>
    DropSyn,

    /// <summary>Accepts nothing for a time: clients connect, and wait.</summary>
    LateAccept,

    /// <summary>Reads the ClientHello, then sends RST.</summary>
    ResetBeforeHandshake,

    /// <summary>Sends RST after the ServerHello.</summary>
    ResetDuringHandshake,

    /// <summary>Sends RST when the TLS handshake is complete.</summary>
    ResetAfterHandshake,

    /// <summary>Passes bytes and half-closes between the client and the upstream server.</summary>
    Forward,

    /// <summary>As <see cref="Forward"/>, up to a limit; then sends FIN.</summary>
    ForwardThenClose,

    /// <summary>As <see cref="Forward"/>, up to a limit; then sends RST.</summary>
    ForwardThenReset,

    /// <summary>As <see cref="Forward"/>, up to a limit; then passes nothing more and keeps the connection open.</summary>
    ForwardThenSilence,

    /// <summary>A Unix-domain socket that logs the received text.</summary>
    UnixSink,
}
