namespace BrokenPipeTools.Closing;

/// <summary>The form of a RST: its flags and numbers show what kind of sender it has.</summary>
internal enum ResetShape : byte
{
    /// <summary>There is no RST.</summary>
    None,

    /// <summary>
    /// A RST with ACK, or one that answers nothing and surely comes from the host itself: a live socket was aborted (tcp_send_active_reset(),
    /// net/ipv4/tcp_output.c).
    /// </summary>
    Active,

    /// <summary>
    /// A RST without ACK whose sequence number is the other side's acknowledgment number: its sender has no socket for that segment (RFC 9293,
    /// section 3.10.7.1).
    /// </summary>
    Stateless,

    /// <summary>A RST with ACK in answer to a SYN: no socket listens on that port.</summary>
    ToSyn,
}
