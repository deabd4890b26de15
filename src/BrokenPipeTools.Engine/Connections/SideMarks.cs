namespace BrokenPipeTools.Connections;

/// <summary>The events of one side so far, one bit each.</summary>
[Flags]
internal enum SideMarks
{
    None = 0,

    /// <summary>Sent a SYN without ACK.</summary>
    Syn = 0x0001,

    SynAck = 0x0002,

    /// <summary>Sent a segment with ACK: its <see cref="Side.Acknowledged"/> is valid.</summary>
    HasAcknowledged = 0x0004,

    Fin = 0x0008,

    /// <summary>The other side acknowledged the FIN.</summary>
    FinAcknowledged = 0x0010,

    /// <summary>The FIN was sent before the other side's FIN had arrived: the two crossed.</summary>
    FinCrossed = 0x0020,

    Rst = 0x0040,

    /// <summary>The RST was one that the other side must accept (RFC 9293, section 3.10.7.4; RFC 5961, section 3.2).</summary>
    RstExact = 0x0080,

    /// <summary>After its own RST this side sent new payload, a FIN or an acknowledgment, so it had not sent that RST.</summary>
    AliveAfterRst = 0x0100,

    /// <summary>Sent something other than a RST after the other side's RST.</summary>
    SentAfterPeerRst = 0x0200,

    /// <summary>Sent an ACK without SYN, RST and payload.</summary>
    PureAck = 0x0400,

    Payload = 0x0800,

    /// <summary>Sent anything but RSTs.</summary>
    AnyButReset = Syn | SynAck | PureAck | Payload | Fin,

    /// <summary><see cref="Side.BaseSequence"/> has a value.</summary>
    HasBase = 0x1000,

    /// <summary>The window of this side is closed.</summary>
    ZeroWindow = 0x2000,

    /// <summary>The last segment of this side was a keepalive probe that nothing has answered yet.</summary>
    KeepAlivePending = 0x4000,

    /// <summary>Sent a RST with ACK, without SYN and payload.</summary>
    RstAck = 0x8000,

    /// <summary>Sent payload that the snapshot length cut off.</summary>
    SnappedPayload = 0x10000,

    /// <summary>Sent a segment with a wrong checksum.</summary>
    BadChecksum = 0x20000,

    /// <summary>The effective RST is one that no host accepts: without ACK in answer to a SYN, or with a number that was acknowledged long before.</summary>
    RstUnfit = 0x40000,

    /// <summary>
    /// The packets of this side, without duplicates, arrived with several TTLs: they took several paths, or were captured at several points.
    /// </summary>
    SeveralTimeToLives = 0x80000,

    // The direction in which its segments except RSTs passed the capturing host: PacketDirection, shifted by Side.DirectionShift.
    Incoming = 0x100000,
    Outgoing = 0x200000,
    Passing = 0x400000,

    /// <summary>The effective RST came in.</summary>
    RstIncoming = 0x800000,

    /// <summary>The effective RST went out.</summary>
    RstOutgoing = 0x1000000,

    /// <summary>The FIN acknowledged bytes that the other side had not sent: hosts drop such a segment (tcp_ack(), net/ipv4/tcp_input.c).</summary>
    FinAcknowledgesUnsent = 0x4000000,

    /// <summary>The SYN or SYN-ACK of this side had the timestamps option.</summary>
    Timestamps = 0x8000000,

    /// <summary>Later it sent a segment without the option.</summary>
    LacksTimestamps = 0x10000000,

    /// <summary>Repeated payload without DF: a router may fragment it.</summary>
    RepeatedWithoutDf = 0x2000000,

    /// <summary>Sent a segment again; keepalive probes are not counted.</summary>
    Repeated = 0x20000000,

    /// <summary>A RST of this side did not arrive: the other side answered the next SYN with the same numbers that had caused the RST.</summary>
    RstLost = 0x40000000,
}
