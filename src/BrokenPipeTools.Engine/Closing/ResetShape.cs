namespace BrokenPipeTools.Closing;

/// <summary>The form of a RST, which shows the kind of its sender.</summary>
internal enum ResetShape : byte
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>A RST with ACK: a socket that was alive aborted (tcp_send_active_reset(), net/ipv4/tcp_output.c).</summary>
    Active,

    /// <summary>
    /// A RST without ACK whose sequence number is the other side's acknowledgment number: there is no socket for the segment (RFC 9293, section
    /// 3.10.7.1).
    /// </summary>
    Stateless,

    /// <summary>A RST with ACK, in answer to a SYN: no socket listens.</summary>
    ToSyn,
}
