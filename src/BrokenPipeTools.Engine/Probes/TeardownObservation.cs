using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>The raw results of a probe, without interpretation. A probe fills it in; the diagnosis is a pure function of it.</summary>
internal sealed record TeardownObservation
{
    public required TeardownProbeKind Probe { get; init; }

    /// <summary>The result of connect: <c>ok</c>, <c>blocks</c> if no answer came in time, an error. Null if the name has no address.</summary>
    public string? Connect { get; set; }

    public TimeSpan? ConnectTime { get; set; }

    /// <summary>The smoothed round trip time if the kernel has it, otherwise the time of the connect.</summary>
    public TimeSpan RoundTrip { get; set; }

    /// <summary>The address that connect was tried with is of IPv6.</summary>
    public bool OverIPv6 { get; set; }

    /// <summary>The address is a link-local one of IPv6 without its interface (RFC 4007, section 6): connect fails with EINVAL.</summary>
    public bool LacksScope { get; set; }

    /// <summary>It was canceled.</summary>
    public bool Cancelled { get; set; }

    /// <summary>The mechanism of the peer's end.</summary>
    public CloseMechanism Mechanism { get; set; }

    /// <summary>From the last payload, or the connect, to the peer's end; a closing message does not count as payload.</summary>
    public TimeSpan? ClosedAfter { get; set; }

    /// <summary>The peer had been silent, sent data without a request, and closed.</summary>
    public bool ClosingMessage { get; set; }

    /// <summary>When the read that met the peer's end returned (UTC): its fraction of a second shows whether a server counts whole seconds.</summary>
    public DateTime? ClosedAt { get; set; }

    /// <summary>The idle time-outs that earlier iterations of this probe have measured.</summary>
    public IdleClosings Earlier { get; init; } = IdleClosings.None;

    /// <summary>The requested payload was sent, at least in part.</summary>
    public bool RequestSent { get; set; }

    /// <summary>The peer has answered it: an HTTP answer other than 408 has begun, or any bytes came of another protocol. A closing message alone does not count.</summary>
    public bool Answered { get; set; }

    /// <summary>From the last payload, or the connect, until the probe had seen enough.</summary>
    public TimeSpan Waited { get; set; }

    public string? Read { get; set; }

    public string? FirstWrite { get; set; }

    public string? SecondWrite { get; set; }

    public TimeSpan? ResetAfter { get; set; }

    /// <summary>Whether a write after the peer's FIN was acknowledged; null if the platform does not report it, or no write was made.</summary>
    public bool? Acknowledged { get; set; }

    public long BytesSent { get; set; }

    /// <summary>Payload either way until the peer closed, or the probe had waited long enough.</summary>
    public long BytesBeforeClose { get; set; }

    public long BytesReceived { get; set; }

    /// <summary>Bytes that were in our receive buffer when we closed.</summary>
    public int Unread { get; set; }

    /// <summary>The requested payload had more than an HTTP head: a server that answers early leaves the rest unread.</summary>
    public bool BodySent { get; set; }

    /// <summary>The HTTP status of the last answer; 0 if it was no HTTP.</summary>
    public int HttpStatus { get; set; }

    public int? Requests { get; set; }

    /// <summary>The last request was sent and not answered: the race was lost.</summary>
    public bool RequestLost { get; set; }

    /// <summary>The last answer announced that the connection would be closed (RFC 9112, section 9.6).</summary>
    public bool Announced { get; set; }

    /// <summary>Our FIN or RST was first.</summary>
    public bool ClosedFirst { get; set; }

    /// <summary>We closed too, as a part of the probe.</summary>
    public bool Closed { get; set; }

    /// <summary>Bytes that the peer still sent after our FIN.</summary>
    public long ReceivedAfterOwnFin { get; set; }

    public bool? CloseNotify { get; set; }

    /// <summary>Why the TLS handshake failed; null if it did not, or there was none.</summary>
    public string? TlsError { get; set; }

    /// <summary>The result of a second connection to the same address, made to distinguish a dropped flow from a broken path; null if none was made.</summary>
    public string? Reconnect { get; set; }

    /// <summary>TCP keepalive was on from the beginning.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>The record of the packets; null if none were captured.</summary>
    public ConnectionClose? Packets { get; set; }

    /// <summary>The timers to compare with.</summary>
    public KnownTimers Timers { get; init; } = KnownTimers.BuiltIn;
}
