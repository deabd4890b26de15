using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>Properties of the segment that an observation stands for, one bit each.</summary>
[Flags]
internal enum ObservationMarks : byte
{
    None = 0,

    /// <summary>A retransmission of bytes that the other side had acknowledged before.</summary>
    RepeatsAcknowledged = 0x01,

    /// <summary><see cref="Segment.IsTlsClosureAlert"/>.</summary>
    TlsClosureAlert = 0x02,

    /// <summary>A RST that acknowledges less than its side had acknowledged before.</summary>
    AcknowledgesLess = 0x04,

    /// <summary>A RST for a receiver that had sent only a SYN, and so was in SYN_SENT.</summary>
    MeetsSynSent = 0x08,

    /// <summary>A RST whose numbers make the receiver accept it.</summary>
    Fits = 0x10,

    /// <summary>A RST without ACK for which no captured segment of the receiver asks: the sender had acknowledged all of them.</summary>
    Unasked = 0x20,

    /// <summary>A RST with the TTL of its sender's other segments and the next number of its IP ID counter: the same host sent it.</summary>
    ContinuesHeader = 0x40,
}
