namespace BrokenPipeTools.Reports;

/// <summary>How a connection to a misbehaving server ended, from the server's point of view.</summary>
public enum ServedEnding
{
    /// <summary>The connection has not ended.</summary>
    Open,

    /// <summary>The server closed first, with FIN (RFC 9293, section 3.6).</summary>
    ClosedByServer,

    /// <summary>The server sent a RST: on purpose, or because it closed with unread data (RFC 2525, section 2.17).</summary>
    ResetByServer,

    /// <summary>The client closed first, with FIN. If Error is EPIPE, the server noticed it when it wrote.</summary>
    ClosedByClient,

    /// <summary>The client sent RST.</summary>
    ResetByClient,

    /// <summary>The connection failed in another way, which Error shows: ETIMEDOUT if the client no longer answers.</summary>
    Failed,

    /// <summary>The server was stopped while the connection was open.</summary>
    Stopped,

    /// <summary>
    /// Closed to make room for another connection: the server held as many as allowed, and this one was idle for the longest time. Error is EMFILE if
    /// the process had no descriptor left; this one was then idle for the longest time of the connections of all servers of the process.
    /// </summary>
    Evicted,

    /// <summary>The head of a request had begun, and was not complete in time.</summary>
    HeaderTimeout,

    /// <summary>Not a connection: a past time in which the server accepted none.</summary>
    NotAccepted,

    /// <summary>The TLS handshake failed, or was not complete in time; Error has the reason.</summary>
    HandshakeFailed,

    /// <summary>The upstream server could not be reached; Error has the reason. The client got a RST.</summary>
    UpstreamFailed,
}
