namespace BrokenPipeTools.Reports;

/// <summary>How far a probe came. The facts about the closing are in the other properties; this one is how far it came.</summary>
public enum TeardownStatus
{
    /// <summary>It was made to its end, whatever the peer did.</summary>
    Completed,

    /// <summary>It was stopped early: its results so far are reported.</summary>
    Cancelled,

    /// <summary>The name has no address (of the IP version asked for). No packet was sent to the target.</summary>
    NameNotResolved,

    /// <summary>There was no connection: refused, unreachable, or unanswered. State, Cause and Error have the reason.</summary>
    NotConnected,

    /// <summary>The connection was established, the TLS handshake failed.</summary>
    TlsFailed,

    /// <summary>This machine could not make the probe: out of descriptors or of ports, or the wrong kind of address. Error names it.</summary>
    LocalFailure,
}
