namespace BrokenPipeTools.Kernel;

/// <summary>The kind of event that a counter counts.</summary>
public enum TcpCounterGroup
{
    /// <summary>The kernel ended a connection that was open, or could not send the RST for that.</summary>
    Abort,

    /// <summary>Resets sent, and connections that ended by one or before they were established.</summary>
    Reset,

    /// <summary>A queue or table was full.</summary>
    Overflow,

    /// <summary>Memory of TCP or of one receive buffer ran short.</summary>
    MemoryPressure,

    /// <summary>A receiver was too slow: its window closed, or data came for a closed window.</summary>
    Window,

    /// <summary>Segments that were damaged, or that no socket could take.</summary>
    Drop,

    /// <summary>Segments and ICMP errors that are too old, forged or of another connection.</summary>
    Rejected,

    /// <summary>Segments sent again.</summary>
    Retransmission,

    /// <summary>Probes of idle connections and of closed windows.</summary>
    Probe,

    /// <summary>Connections opened and held, for comparison with the other numbers.</summary>
    Connection,

    /// <summary>A counter without a description.</summary>
    Other,
}
