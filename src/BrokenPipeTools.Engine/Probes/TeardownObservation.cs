using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>The raw results of a probe, without any interpretation. The probe sets them, and the diagnosis is computed from them alone.</summary>
internal sealed record TeardownObservation
{
    public required TeardownProbeKind Probe { get; init; }

    /// <summary>
    /// The result of connect: ok, an error, or blocks if no answer came in time. Null if connect was not called, because the name has no address.
    /// </summary>
    public string? Connect { get; set; }

    public TimeSpan? ConnectTime { get; set; }

    /// <summary>The smoothed round trip time, if the kernel provides it; otherwise the time of the connect.</summary>
    public TimeSpan RoundTrip { get; set; }

    /// <summary>Whether the address that was connected to is an IPv6 address.</summary>
    public bool OverIPv6 { get; set; }

    /// <summary>Whether the address is a link-local IPv6 address without a scope (RFC 4007, section 6). Connect then fails with EINVAL.</summary>
    public bool LacksScope { get; set; }

    /// <summary>
    /// Whether this machine has a route to the address, after a connect that failed with an error of routes; null if that was not looked up.
    /// </summary>
    public bool? HasRoute { get; set; }

    /// <summary>Whether the probe was canceled.</summary>
    public bool Cancelled { get; set; }

    /// <summary>The way in which the peer ended the connection.</summary>
    public CloseMechanism Mechanism { get; set; }

    /// <summary>
    /// The time from the last payload, or from the connect, to the end by the peer; null if the peer did not end the connection. A closing message
    /// does not count as payload.
    /// </summary>
    public TimeSpan? ClosedAfter { get; set; }

    /// <summary>Whether the peer was silent, then sent data without a request, and then closed.</summary>
    public bool ClosingMessage { get; set; }

    /// <summary>The time when the read returned the peer's end (UTC). Its fraction of a second shows whether a server counts whole seconds.</summary>
    public DateTime? ClosedAt { get; set; }

    /// <summary>The idle time-outs that earlier iterations of this probe have measured.</summary>
    public IdleClosings Earlier { get; init; } = IdleClosings.None;

    /// <summary>Whether the requested payload was sent, at least in part.</summary>
    public bool RequestSent { get; set; }

    /// <summary>
    /// Whether the peer has answered the payload: an HTTP answer except 408 has begun, or any bytes of another protocol came. A closing message alone
    /// does not count.
    /// </summary>
    public bool Answered { get; set; }

    /// <summary>The time from the last payload, or from the connect, to the end of the probe.</summary>
    public TimeSpan Waited { get; set; }

    public string? Read { get; set; }

    public string? FirstWrite { get; set; }

    public string? SecondWrite { get; set; }

    public TimeSpan? ResetAfter { get; set; }

    /// <summary>Whether a write after the peer's FIN was acknowledged; null if the platform does not report it, or no write was made.</summary>
    public bool? Acknowledged { get; set; }

    public long BytesSent { get; set; }

    /// <summary>Payload bytes in both directions until the peer closed, or until the probe had waited long enough.</summary>
    public long BytesBeforeClose { get; set; }

    public long BytesReceived { get; set; }

    /// <summary>Bytes that were in the probe's receive buffer when the probe closed.</summary>
    public int Unread { get; set; }

    /// <summary>Whether the requested payload had more than an HTTP head. A server that answers early leaves the rest unread.</summary>
    public bool BodySent { get; set; }

    /// <summary>The HTTP status of the last answer; 0 if it was not HTTP.</summary>
    public int HttpStatus { get; set; }

    public int? Requests { get; set; }

    /// <summary>Whether the last request was sent and not answered. It then crossed the close.</summary>
    public bool RequestLost { get; set; }

    /// <summary>Whether the last answer announced that the connection would be closed (RFC 9112, section 9.6).</summary>
    public bool Announced { get; set; }

    /// <summary>Whether the probe's FIN or RST came before the peer's.</summary>
    public bool ClosedFirst { get; set; }

    /// <summary>Whether the probe closed the connection too, as one of its steps.</summary>
    public bool Closed { get; set; }

    /// <summary>Bytes that the peer sent after the probe's FIN.</summary>
    public long ReceivedAfterOwnFin { get; set; }

    public bool? CloseNotify { get; set; }

    /// <summary>The reason why the TLS handshake failed; null if it did not fail, or if TLS was not used.</summary>
    public string? TlsError { get; set; }

    /// <summary>
    /// The result of a second connection to the same address. It distinguishes a device that dropped the connection from a broken path. Null if no
    /// second connection was made.
    /// </summary>
    public string? Reconnect { get; set; }

    /// <summary>Whether TCP keepalive was on from the beginning of the connection.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>The record made from the captured packets; null if none were captured.</summary>
    public ConnectionClose? Packets { get; set; }

    /// <summary>The time-outs that silences are compared with.</summary>
    public KnownTimers Timers { get; init; } = KnownTimers.BuiltIn;
}
