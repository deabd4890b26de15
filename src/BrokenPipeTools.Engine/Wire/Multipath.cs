namespace BrokenPipeTools.Wire;

/// <summary>What the MPTCP option of a segment states (RFC 8684, section 3).</summary>
[Flags]
internal enum Multipath : byte
{
    None = 0,

    /// <summary>The TCP connection is a subflow: the SYN-ACK agrees to MPTCP, or a segment carries its numbers (DSS).</summary>
    Subflow = 1,

    /// <summary>The sender closes the MPTCP connection: DATA_FIN (section 3.3.3). Its TCP connections may stay open after that.</summary>
    DataFin = 2,
}
