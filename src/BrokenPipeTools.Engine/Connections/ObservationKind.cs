using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>The kinds of notable moments of a connection.</summary>
public enum ObservationKind : byte
{
    /// <summary>The first SYN of the side that opens, or one with another sequence number.</summary>
    Syn,

    /// <summary>A SYN with ACK.</summary>
    SynAck,

    /// <summary>A pure acknowledgment after the closing began.</summary>
    Ack,

    /// <summary>Payload after the closing began, or the segment that a RST answers.</summary>
    Data,

    /// <summary>The first FIN of a side.</summary>
    Fin,

    /// <summary>A RST.</summary>
    Rst,

    /// <summary>Payload, SYN or FIN whose sequence numbers had all been seen.</summary>
    Retransmission,

    /// <summary>A keepalive probe (RFC 9293, section 3.8.4): no payload, or one old byte, with a sequence number one below the next.</summary>
    KeepAlive,

    /// <summary>The acknowledgment of a keepalive probe.</summary>
    KeepAliveAnswer,

    /// <summary>The sender's receive window closed.</summary>
    ZeroWindow,

    /// <summary>An ICMP error quoted a segment of this connection.</summary>
    IcmpError,

    /// <summary>An ICMP error quoted a sequence number of this connection that was not in flight: hosts ignore it (RFC 5927, section 4).</summary>
    StrayIcmpError,

    /// <summary>
    /// A FIN that its host did not send, and that the receiver dropped: it acknowledged bytes that the receiver had not sent (RFC 9293, section
    /// 3.10.7.4), or its number was above those that its host used later.
    /// </summary>
    RefusedFin,

    /// <summary>A RST that refused a SYN; the SYN was sent again and accepted then.</summary>
    OverruledRst,
}
