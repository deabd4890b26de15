using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>
/// The result of one probe of one address: how the target closes a connection. The client is the probe, the server the target. Times are UTC. The
/// values are those of <see cref="ConnectionClose"/>, so that both fit into one table.
/// </summary>
public sealed class TeardownTest : INaturalOrder<TeardownTest>
{
    /// <summary>The target as it was given.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The address that was tried last, with its scope (<c>fe80::1%eth0</c>). Empty if the name has none.</summary>
    public required string Address { get; init; }

    /// <summary>The port of the target.</summary>
    public required int Port { get; init; }

    /// <summary>The kind of probe.</summary>
    public required TeardownProbeKind Probe { get; init; }

    /// <summary>The number of the test for this target, address and probe, from 1.</summary>
    public required int Iteration { get; init; }

    /// <summary>Whether the probe was completed.</summary>
    public required TeardownStatus Status { get; init; }

    /// <summary>The time when the probe began.</summary>
    public required DateTime StartTime { get; init; }

    /// <summary>The duration in seconds.</summary>
    public required double Duration { get; init; }

    /// <summary>
    /// Seconds from the SYN to the answer, for the address that was connected to, including lost SYNs. Measured with this process's clock: the first
    /// value of a process is about 10 ms too large, and on a busy machine each value may be too large. Null if nothing answered.
    /// </summary>
    public required double? ConnectTime { get; init; }

    /// <summary>
    /// The state of the connection at the end of the probe. The probe's own close counts only if it is one of its steps: after the peer's FIN (except
    /// for Idle), and if the probe closes first. Null if no connection was tried, or the attempt was stopped before anything had answered it.
    /// </summary>
    public required CloseState? State { get; init; }

    /// <summary>
    /// The side whose FIN or RST came first: Client is the probe. Unknown if a RST answers after a silence, because without packets it is not visible
    /// whether the host or a device sent it.
    /// </summary>
    public required ClosedBy ClosedBy { get; init; }

    /// <summary>The mechanism of the peer's close.</summary>
    public required CloseMechanism Mechanism { get; init; }

    /// <summary>
    /// Seconds from the last payload byte in either direction (from the connect if there was none) to the peer's FIN or RST. A TLS close_notify is
    /// part of the closing and not payload. So is a closing message: unsolicited payload of the peer, after a silence, right before its close (HTTP
    /// 408, and the texts of mail and database servers). The precision is some milliseconds, because the time is that of the read that returned the
    /// end; the kernel stores none for a RST. Null if the peer did not close.
    /// </summary>
    public required double? ClosedAfter { get; init; }

    /// <summary>
    /// The longest idle time that a client's pool may allow its connections to this target, in seconds: the shortest <see cref="ClosedAfter"/> of
    /// this probe so far (including earlier iterations), minus a margin for a request that is on its way, one retransmission, and the granularity of
    /// the server's timer. Rounded down. 0 if no idle time was proven to be safe. Null if no idle time-out was measured; <see cref="Advice"/> has the
    /// reason, and the time that was safe if the target did not close at all.
    /// </summary>
    public required double? SafeIdleSeconds { get; init; }

    /// <summary>The result of the read that returned the close, in the format of <see cref="SocketStep.Result"/>. Null if the peer did not close.</summary>
    public required string? ReadAfterClose { get; init; }

    /// <summary>The result of the first write after the close. Null if none was made.</summary>
    public required string? FirstWriteAfterClose { get; init; }

    /// <summary>The result of the second write. Null if none was made.</summary>
    public required string? SecondWriteAfterClose { get; init; }

    /// <summary>Seconds from the write to the RST that answered it, with a precision of about a millisecond. Null if no write was answered with a RST.</summary>
    public required double? ResetAfter { get; init; }

    /// <summary>Payload bytes received; with TLS the bytes of the records, including the handshake, as a capture would count them.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>How many requests were answered (<see cref="TeardownProbeKind.KeepAliveRace"/>). Null for other probes.</summary>
    public required int? Requests { get; init; }

    /// <summary>
    /// Whether TLS announced the close before TCP did (close_notify, RFC 8446, section 6.1); also true if TCP did not close after it during the
    /// probe. Null without TLS, or if neither closed.
    /// </summary>
    public required bool? TlsCloseNotify { get; init; }

    /// <summary>The observed states of the probe's socket (TCP_INFO), in order: Established CloseWait Closed. Empty if the platform does not report them.</summary>
    public required string TcpState { get; init; }

    /// <summary>The side whose next write returns EPIPE, or returns it after one pending error.</summary>
    public required BrokenPipe BrokenPipe { get; init; }

    /// <summary>The most likely cause.</summary>
    public required Cause Cause { get; init; }

    /// <summary>How certain the cause is.</summary>
    public required Confidence Confidence { get; init; }

    /// <summary>The time-outs that <see cref="ClosedAfter"/> is consistent with, the nearest first, separated by <c>; </c>. Empty for none.</summary>
    public required string KnownTimer { get; init; }

    /// <summary>The explanation, in one or two sentences.</summary>
    public required string Explanation { get; init; }

    /// <summary>The advice; empty if no action is needed.</summary>
    public required string Advice { get; init; }

    /// <summary>
    /// The name of the error: an errno (ECONNREFUSED), the resolver's error (HostNotFound), or the error of TLS; for an established TLS connection,
    /// the problem with the certificate, which is accepted anyway. Null for none.
    /// </summary>
    public required string? Error { get; init; }

    /// <summary>The other possible causes, the likeliest first.</summary>
    public required RecordList<Alternative> Alternatives { get; init; }

    /// <summary>Every call, in order, including attempts on other addresses of the name.</summary>
    public required RecordList<SocketStep> Steps { get; init; }

    /// <summary>The record of the connection from its packets; null if none were captured.</summary>
    public required ConnectionClose? Connection { get; init; }

    /// <summary>The reason why there are no packets; null if there are.</summary>
    public required string? CaptureNote { get; init; }

    /// <summary>Compares by target, port, probe, address and iteration.</summary>
    public int CompareTo(TeardownTest? other) => other is null
        ? 1
        : (ComputerName, Port, Probe, Address, Iteration).CompareTo((other.ComputerName, other.Port, other.Probe, other.Address, other.Iteration));

    /// <summary>Returns the result as one line: target, probe, state, cause, the error if there is one, and the connection if it was captured.</summary>
    public override string ToString() => DisplayText.Of(
        $"{new EndpointText(ComputerName, Port)}{(Address.Length > 0 && Address != ComputerName ? $" ({Address})" : "")} {Probe}: {(State is { } state ? state : Status)}, {Cause}"
        + (Error is null ? "" : $", {Error}")
        + (Connection is null ? "" : $"; {Connection}"));
}
