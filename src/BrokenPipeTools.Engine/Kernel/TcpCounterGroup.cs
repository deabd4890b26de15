namespace BrokenPipeTools.Kernel;

/// <summary>The kind of event that a counter counts.</summary>
public enum TcpCounterGroup
{
    /// <summary>The kernel ended an open connection, or could not send the RST for that.</summary>
    Abort,

    /// <summary>RSTs sent, and connections that were ended by a RST or failed before they were established.</summary>
    Reset,

    /// <summary>A queue or table was full.</summary>
    Overflow,

    /// <summary>The memory of TCP or of one receive buffer was short.</summary>
    MemoryPressure,

    /// <summary>A receiver was too slow: its window closed, or data came although it was closed.</summary>
    Window,

    /// <summary>Segments that were damaged, or that no socket could accept.</summary>
    Drop,

    /// <summary>Segments and ICMP errors that are too old, forged, or belong to another connection.</summary>
    Rejected,

    /// <summary>Retransmitted segments.</summary>
    Retransmission,

    /// <summary>Probes of idle connections and of closed windows.</summary>
    Probe,

    /// <summary>Opened and current connections, for comparison with the other numbers.</summary>
    Connection,

    /// <summary>A counter without a description.</summary>
    Other,
}
