namespace BrokenPipeTools.Connections;

/// <summary>Whether a segment equals one that was captured a moment before.</summary>
internal enum Recurrence : byte
{
    None,

    /// <summary>The segment is equal, but a host may also send such a segment twice in that time: an ACK or RST without an IP ID.</summary>
    Possible,

    /// <summary>The segment is equal, and no host sends it twice in that time: it is one packet, captured twice.</summary>
    Certain,
}
