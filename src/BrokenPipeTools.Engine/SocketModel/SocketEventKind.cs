namespace BrokenPipeTools.SocketModel;

/// <summary>The events of a socket on the wire, as seen by its own kernel.</summary>
internal enum SocketEventKind : byte
{
    SentSyn,
    SentSynAck,
    ReceivedSyn,
    ReceivedSynAck,

    /// <summary>The peer sent a segment without FIN or RST, or this end sent one that proves that the handshake is complete.</summary>
    Received,
    SentFin,

    /// <summary>The peer acknowledged this end's FIN.</summary>
    FinAcknowledged,

    /// <summary>The peer's FIN arrived, in order.</summary>
    ReceivedFin,

    /// <summary>A RST arrived that must be accepted by RFC 5961, section 3.2.</summary>
    ReceivedReset,

    /// <summary>This end sent a RST with ACK and an open window. A live socket sent it.</summary>
    SentActiveReset,

    /// <summary>This end sent a bare RST: its host has no socket for the segment.</summary>
    SentStatelessReset,

    /// <summary>This end sent a keepalive or window probe.</summary>
    SentProbe,

    /// <summary>An ICMP error arrived that quotes a segment of this end.</summary>
    ReceivedIcmp,

    /// <summary>The peer no longer answers and the kernel has given up; no packet shows that.</summary>
    GaveUp,
}
