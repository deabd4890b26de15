namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>How a behavior ends a connection.</summary>
internal enum CloseMode
{
    /// <summary>close(2): FIN; the kernel sends RST in its place if data was unread.</summary>
    Close,

    /// <summary>shutdown(2), then close(2): FIN, also if data was left unread.</summary>
    Finish,

    /// <summary>close(2) with SO_LINGER 0: RST.</summary>
    Reset,

    /// <summary>The client has closed, so the server closes too.</summary>
    ClientClosed,

    /// <summary>The connection stays open: the request was answered, and the next request may get another behavior.</summary>
    NextRequest,
}
