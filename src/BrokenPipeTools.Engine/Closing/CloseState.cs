namespace BrokenPipeTools.Closing;

/// <summary>The state of a connection at its end.</summary>
public enum CloseState
{
    /// <summary>It was still open when the capture ended.</summary>
    Open,

    /// <summary>
    /// Both sides sent FIN (RFC 9293, section 3.6), all payload was acknowledged, and no RST answered any of it; at most the
    /// acknowledgment of the last FIN is missing. A TLS closure alert that one side sent after the other's FIN need not be acknowledged.
    /// </summary>
    Graceful,

    /// <summary>One side's FIN was delivered; the other side sent none, or its FIN or payload was not acknowledged to the end.</summary>
    HalfClosed,

    /// <summary>A RST that the other side had to accept ended it.</summary>
    Reset,

    /// <summary>The SYN was answered by a RST.</summary>
    Refused,

    /// <summary>The SYN was not answered.</summary>
    Unanswered,

    /// <summary>
    /// One segment was retransmitted three times or more at growing intervals, or three keepalive probes were sent, and no
    /// acknowledgment came to the end.
    /// </summary>
    TimedOut,

    /// <summary>Removed by this program to keep within its bound on connections: its end was not analyzed.</summary>
    Evicted,
}
