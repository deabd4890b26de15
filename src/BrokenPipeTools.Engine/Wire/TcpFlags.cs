namespace BrokenPipeTools.Wire;

/// <summary>The control bits of a TCP header (RFC 9293, section 3.1), low byte.</summary>
[Flags]
public enum TcpFlags : byte
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>The sender has no more data.</summary>
    Fin = 0x01,

    /// <summary>Synchronizes sequence numbers: opens a connection.</summary>
    Syn = 0x02,

    /// <summary>Resets the connection.</summary>
    Rst = 0x04,

    /// <summary>Asks the receiver to pass the data on immediately.</summary>
    Psh = 0x08,

    /// <summary>The acknowledgment number is valid.</summary>
    Ack = 0x10,

    /// <summary>The urgent pointer is valid.</summary>
    Urg = 0x20,

    /// <summary>The receiver reports congestion (RFC 3168).</summary>
    Ece = 0x40,

    /// <summary>The sender has reduced its congestion window (RFC 3168).</summary>
    Cwr = 0x80,
}
