using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>The raw results of a probe, without interpretation. The probe sets them; the diagnosis is a pure function of them.</summary>
internal sealed record TeardownObservation
{
    public required TeardownProbeKind Probe { get; init; }

    /// <summary>The result of connect: ok, an error, or blocks if no answer came in time. Null if the name has no address.</summary>
    public string? Connect { get; set; }

    public TimeSpan? ConnectTime { get; set; }

    /// <summary>The smoothed round trip time, if the kernel provides it; otherwise the time of the connect.</summary>
    public TimeSpan RoundTrip { get; set; }

    /// <summary>Whether the address of the connect is an IPv6 address.</summary>
    public bool OverIPv6 { get; set; }

    /// <summary>Whether the address is a link-local IPv6 address without its interface (RFC 4007, section 6), so that connect fails with EINVAL.</summary>
    public bool LacksScope { get; set; }

    /// <summary>Whether the probe was canceled.</summary>
    public bool Cancelled { get; set; }

    /// <summary>The mechanism of the peer's end.</summary>
    public CloseMechanism Mechanism { get; set; }

    /// <summary>The time from the last payload, or the connect, to the peer's end; a closing message does not count as payload.</summary>
    public TimeSpan? ClosedAfter { get; set; }

    /// <summary>Whether the peer was silent, then sent data without a request, and closed.</summary>
    public bool ClosingMessage { get; set; }

    /// <summary>
    /// The time when the read that ended with the peer's end returned (UTC): its fraction of a second shows whether a server counts whole seconds.
    /// </summary>
    public DateTime? ClosedAt { get; set; }

    /// <summary>The idle time-outs that earlier iterations of this probe have measured.</summary>
    public IdleClosings Earlier { get; init; } = IdleClosings.None;

    /// <summary>Whether the requested payload was sent, at least in part.</summary>
    public bool RequestSent { get; set; }

    /// <summary>
    /// Whether the peer has answered it: an HTTP answer except 408 has begun, or any bytes of another protocol came. A closing message alone does not
    /// count.
    /// </summary>
    public bool Answered { get; set; }

    /// <summary>The time from the last payload, or the connect, to the end of the probe.</summary>
    public TimeSpan Waited { get; set; }

    public string? Read { get; set; }

    public string? FirstWrite { get; set; }

    public string? SecondWrite { get; set; }

    public TimeSpan? ResetAfter { get; set; }

    /// <summary>Whether a write after the peer's FIN was acknowledged; null if the platform does not report it, or no write was made.</summary>
    public bool? Acknowledged { get; set; }

    public long BytesSent { get; set; }

    /// <summary>Payload bytes in both directions until the peer closed, or the probe had waited long enough.</summary>
    public long BytesBeforeClose { get; set; }

    public long BytesReceived { get; set; }

    /// <summary>Bytes in the probe's receive buffer when it closed.</summary>
    public int Unread { get; set; }

    /// <summary>Whether the requested payload had more than an HTTP head, of which a server that answers early leaves the rest unread.</summary>
    public bool BodySent { get; set; }

    /// <summary>The HTTP status of the last answer; 0 if it was not HTTP.</summary>
    public int HttpStatus { get; set; }

    public int? Requests { get; set; }

    /// <summary>Whether the last request was sent and not answered: it crossed the close.</summary>
    public bool RequestLost { get; set; }

    /// <summary>Whether the last answer announced that the connection would be closed (RFC 9112, section 9.6).</summary>
    public bool Announced { get; set; }

    /// <summary>Whether the probe's FIN or RST was first.</summary>
    public bool ClosedFirst { get; set; }

    /// <summary>Whether the probe closed too, as one of its steps.</summary>
    public bool Closed { get; set; }

    /// <summary>Bytes that the peer sent after the probe's FIN.</summary>
    public long ReceivedAfterOwnFin { get; set; }

    public bool? CloseNotify { get; set; }

    /// <summary>The reason why the TLS handshake failed; null if it did not, or there was none.</summary>
    public string? TlsError { get; set; }

    /// <summary>
    /// The result of a second connection to the same address, which distinguishes a connection dropped by a device from a broken path; null if none
    /// was made.
    /// </summary>
    public string? Reconnect { get; set; }

    /// <summary>Whether TCP keepalive was on from the beginning.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>The record of the packets; null if none were captured.</summary>
    public ConnectionClose? Packets { get; set; }

    /// <summary>The timers to compare with.</summary>
    public KnownTimers Timers { get; init; } = KnownTimers.BuiltIn;
}
