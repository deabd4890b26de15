namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>How a behaviour leaves a connection.</summary>
internal enum Farewell
{
    /// <summary>close(2): FIN; the kernel sends RST in its place if data was unread.</summary>
    Close,

    /// <summary>shutdown(2), then close(2): FIN, also if data was left unread.</summary>
    Finish,

    /// <summary>close(2) with SO_LINGER 0: RST.</summary>
    Reset,

    /// <summary>The client has closed; so do we.</summary>
    ClientClosed,

    /// <summary>Not at all: the request is answered, and the next one may meet another behaviour.</summary>
    NextRequest,
}
