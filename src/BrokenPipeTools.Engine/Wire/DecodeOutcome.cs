namespace BrokenPipeTools.Wire;

/// <summary>The outcomes of decoding a frame. Every frame has exactly one, and each outcome is counted.</summary>
internal enum DecodeOutcome
{
    /// <summary>A TCP segment.</summary>
    Segment,

    /// <summary>A TCP header that an ICMP error quotes: it concerns a connection, but is not part of it.</summary>
    QuotedSegment,

    /// <summary>Decoded far enough to know that it contains no TCP (ARP, UDP, ICMP …).</summary>
    NotTcp,

    /// <summary>An IP fragment, kept until the others of its datagram arrive.</summary>
    FragmentHeld,

    /// <summary>A link type that is not decoded.</summary>
    UnknownLinkType,

    /// <summary>A protocol between the link and TCP that is not decoded.</summary>
    UnknownProtocol,

    /// <summary>Encrypted or compressed: the content cannot be decoded.</summary>
    Opaque,

    /// <summary>The snapshot length cut the frame before the end of the TCP header.</summary>
    Snapped,

    /// <summary>A header that contradicts itself or the frame.</summary>
    Malformed,

    /// <summary>More nested headers than any real network uses.</summary>
    TooDeep,
}
