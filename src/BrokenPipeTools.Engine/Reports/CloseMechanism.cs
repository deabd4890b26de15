namespace BrokenPipeTools.Reports;

/// <summary>How the peer's end of a connection showed to a probe.</summary>
public enum CloseMechanism
{
    /// <summary>It did not close during the probe.</summary>
    None,

    /// <summary>A FIN: reads return 0 (RFC 9293, section 3.6). The writes after it show if the peer still reads.</summary>
    Fin,

    /// <summary>A RST that answers nothing that was just sent.</summary>
    Reset,

    /// <summary>A RST that answers the last segment: a request, or the write that ended a silence.</summary>
    ResetInReply,

    /// <summary>No answer: the SYN, a write or a keepalive probe was never acknowledged.</summary>
    Silence,

    /// <summary>The SYN was answered by a RST, or by an ICMP port unreachable: connect returns ECONNREFUSED for both (icmp_err_convert of net/ipv4/icmp.c).</summary>
    Refused,

    /// <summary>The SYN or a write met an ICMP error, or this host has no route: EHOSTUNREACH, ENETUNREACH and similar errors.</summary>
    Unreachable,
}
