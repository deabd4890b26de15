using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>Properties of the segment that an observation stands for, one bit each.</summary>
[Flags]
internal enum ObservationMarks : byte
{
    None = 0,

    /// <summary>A retransmission of bytes that the other side had acknowledged before.</summary>
    RepeatsAcknowledged = 0x01,

    /// <summary><see cref="Segment.IsTlsFarewell"/>.</summary>
    TlsFarewell = 0x02,
}
