namespace BrokenPipeTools.SocketModel;

/// <summary>The events of a socket on the wire, as seen by its own kernel.</summary>
internal enum SocketEventKind : byte
{
    SentSyn,
    SentSynAck,
    ReceivedSyn,
    ReceivedSynAck,

    /// <summary>The peer sent a segment without FIN or RST, or this end sent one that shows that the handshake is over.</summary>
    Received,
    SentFin,

    /// <summary>The peer acknowledged this end's FIN.</summary>
    FinAcknowledged,

    /// <summary>The peer's FIN, in order.</summary>
    ReceivedFin,

    /// <summary>A RST that must be accepted by RFC 5961, section 3.2.</summary>
    ReceivedReset,

    /// <summary>A RST with ACK and an open window: sent by a live socket.</summary>
    SentActiveReset,

    /// <summary>A bare RST: the host has no socket for the segment.</summary>
    SentStatelessReset,

    /// <summary>A keepalive or window probe.</summary>
    SentProbe,

    /// <summary>An ICMP error that quotes a segment of this end.</summary>
    ReceivedIcmp,

    /// <summary>The peer no longer answers and the kernel has given up; no packet shows that.</summary>
    GaveUp,
}
