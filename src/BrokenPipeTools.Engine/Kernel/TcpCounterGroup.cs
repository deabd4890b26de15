namespace BrokenPipeTools.Kernel;

/// <summary>The kind of event that a counter counts.</summary>
public enum TcpCounterGroup
{
    /// <summary>The kernel ended an open connection, or could not send the RST for it.</summary>
    Abort,

    /// <summary>RSTs were sent, or connections were ended by a RST or failed before they were established.</summary>
    Reset,

    /// <summary>A queue or a table was full.</summary>
    Overflow,

    /// <summary>The memory of TCP, or of one receive buffer, was short.</summary>
    MemoryPressure,

    /// <summary>A receiver was too slow: its window closed, or data came although it was closed.</summary>
    Window,

    /// <summary>Segments were damaged, or no socket could accept them.</summary>
    Drop,

    /// <summary>Segments and ICMP errors were rejected because they were too old, forged, or for another connection.</summary>
    Rejected,

    /// <summary>Segments were retransmitted.</summary>
    Retransmission,

    /// <summary>Probes of idle connections or of closed windows were sent.</summary>
    Probe,

    /// <summary>Connections were opened, or are open: numbers to compare the others with.</summary>
    Connection,

    /// <summary>The counter has no description.</summary>
    Other,
}
