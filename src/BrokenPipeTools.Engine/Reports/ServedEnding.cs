namespace BrokenPipeTools.Reports;

/// <summary>How a connection to a misbehaving server ended, as the server saw it.</summary>
public enum ServedEnding
{
    /// <summary>It has not ended.</summary>
    Open,

    /// <summary>The server closed first, with FIN (RFC 9293, section 3.6).</summary>
    ClosedByServer,

    /// <summary>The server reset it: on purpose, or because it closed with data unread (RFC 2525, section 2.17).</summary>
    ResetByServer,

    /// <summary>The client closed first, with FIN. If Error is EPIPE, the server noticed when it wrote.</summary>
    ClosedByClient,

    /// <summary>The client sent RST.</summary>
    ResetByClient,

    /// <summary>It failed in another way, which Error names: ETIMEDOUT if the client has vanished.</summary>
    Failed,

    /// <summary>The server was stopped while it was open.</summary>
    Stopped,

    /// <summary>
    /// Closed to make room for another connection: the server held as many as it may, and this was the one without a byte for the
    /// longest time. Error is EMFILE if the process had no descriptor left.
    /// </summary>
    Evicted,

    /// <summary>The head of a request had begun, and its end did not come in time.</summary>
    HeaderTimeout,

    /// <summary>Not a connection: a time in which the server accepted none, and which is over.</summary>
    NotAccepted,

    /// <summary>The TLS handshake failed, or was not complete in time; Error has the reason.</summary>
    HandshakeFailed,

    /// <summary>The upstream server could not be reached; Error has the reason. The client was reset.</summary>
    UpstreamFailed,
}
