namespace BrokenPipeTools.Reports;

/// <summary>Whether a probe was completed. The facts about the closing are in other properties.</summary>
public enum TeardownStatus
{
    /// <summary>The probe was completed, whatever the peer did.</summary>
    Completed,

    /// <summary>The probe was stopped early: its results so far are reported.</summary>
    Cancelled,

    /// <summary>The name has no address (of the requested IP version). No packet was sent to the target.</summary>
    NameNotResolved,

    /// <summary>There was no connection: refused, unreachable, or unanswered. State, Cause and Error have the reason.</summary>
    NotConnected,

    /// <summary>The connection was established, but the TLS handshake failed.</summary>
    TlsFailed,

    /// <summary>This machine could not run the probe: no descriptors or ports left, or the wrong kind of address. Error has the reason.</summary>
    LocalFailure,
}
