namespace BrokenPipeTools.Reports;

/// <summary>The way in which the peer ended a connection, from the point of view of a probe.</summary>
public enum CloseMechanism
{
    /// <summary>The peer did not close during the probe.</summary>
    None,

    /// <summary>A FIN: reads return 0 (RFC 9293, section 3.6). The writes after it show whether the peer still reads.</summary>
    Fin,

    /// <summary>A RST that is not an answer to a segment sent just before.</summary>
    Reset,

    /// <summary>A RST that answers the last segment: a request, or the write that ended a silence.</summary>
    ResetInReply,

    /// <summary>No answer: the SYN, a write or a keepalive probe was never acknowledged.</summary>
    Silence,

    /// <summary>
    /// The SYN was answered by a RST, or by an ICMP port unreachable; connect returns ECONNREFUSED for both (icmp_err_convert of net/ipv4/icmp.c).
    /// </summary>
    Refused,

    /// <summary>The SYN or a write caused an ICMP error, or this host has no route: EHOSTUNREACH, ENETUNREACH and similar errors.</summary>
    Unreachable,
}
