namespace BrokenPipeTools.SocketModel;

/// <summary>The events of a socket on the wire, as seen by its own kernel.</summary>
internal enum SocketEventKind : byte
{
    SentSyn,
    SentSynAck,
    ReceivedSyn,
    ReceivedSynAck,

    /// <summary>A segment of the peer without FIN or RST, or one of ours that shows that the handshake is over.</summary>
    Received,
    SentFin,

    /// <summary>The peer acknowledged our FIN.</summary>
    FinAcknowledged,

    /// <summary>The peer's FIN, in order.</summary>
    ReceivedFin,

    /// <summary>A RST that RFC 5961, section 3.2 makes us accept.</summary>
    ReceivedReset,

    /// <summary>A RST with ACK and an open window: from a socket that was alive.</summary>
    SentActiveReset,

    /// <summary>A bare RST: from a host that has no socket for the segment.</summary>
    SentStatelessReset,

    /// <summary>A keepalive or window probe.</summary>
    SentProbe,

    /// <summary>An ICMP error that quotes a segment of ours.</summary>
    ReceivedIcmp,

    /// <summary>The peer is no longer answering and the kernel has given up; no packet shows that.</summary>
    GaveUp,
}
