namespace BrokenPipeTools.Closing;

/// <summary>The state of a connection at its end.</summary>
public enum CloseState
{
    /// <summary>The connection was still open when the capture ended.</summary>
    Open,

    /// <summary>
    /// Both sides sent FIN (RFC 9293, section 3.6), all payload was acknowledged, and no RST answered any of it; at most the
    /// acknowledgment of the last FIN is missing. A TLS closure alert that one side sent after the other's FIN need not be acknowledged.
    /// </summary>
    Graceful,

    /// <summary>The FIN of one side was delivered. The other side sent no FIN, or its FIN or payload was never acknowledged.</summary>
    HalfClosed,

    /// <summary>The connection was ended by a RST that the other side had to accept.</summary>
    Reset,

    /// <summary>The SYN was answered by a RST.</summary>
    Refused,

    /// <summary>The SYN was not answered.</summary>
    Unanswered,

    /// <summary>
    /// One segment was retransmitted three times or more at growing intervals, or three keepalive probes were sent, and none of them was acknowledged
    /// before the capture ended.
    /// </summary>
    TimedOut,

    /// <summary>The analysis removed the connection to keep within its bound on connections. The end of the connection was not analyzed.</summary>
    Evicted,
}
