using System.Globalization;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Kernel;

namespace BrokenPipeTools.Tracing;

/// <summary>
/// The abnormal end of a TCP socket, as far as its last counters show it (struct tcp_info as filled by tcp_diag_get_info(), net/ipv4/tcp_diag.c). The
/// counters contain neither the RST nor the error that the program got.
/// </summary>
/// <param name="Cause">The cause of the end.</param>
/// <param name="Confidence">How certain the cause is. It is never High, because the counters show a state and not an event.</param>
/// <param name="Reason">The conclusion from the counters, as sentences.</param>
/// <param name="Kind">The kind of end.</param>
internal sealed record AbnormalEnd(Cause Cause, Confidence Confidence, string Reason, EndKind Kind = EndKind.Connection)
{
    private const int Repeated = 2; // a single probe or retransmission may be the one that was answered with the RST
    private const int WriteJump = 2; // tcp_disconnect() increases write_seq by the largest window plus 2

    /// <summary>
    /// Judges the end of a socket. Returns null if the end was normal, if there was no connection, or if the counters do not show how it ended.
    /// </summary>
    /// <param name="end">The socket when it was destroyed.</param>
    /// <param name="before">The same socket when it was last listed; null if it was never listed.</param>
    /// <param name="role">Whether the socket connected or accepted, if that is known.</param>
    public static AbnormalEnd? Of(DiagnosedSocket end, DiagnosedSocket? before, EndpointRole role)
    {
        if (end is not { Info: { } info, Totals: { } totals })
            return null;
        if (end.Remote.Port == 0)
            return OfDisconnected(end, info, before);
        if (totals is { RoundTrip: 0, Acknowledged: 0, Received: 0 })
            return OfConnecting(end, info, totals);
        bool hasPeersFin = end.ReceiveQueue == 1 || before?.State == System.Net.NetworkInformation.TcpState.CloseWait;
        return end.SendQueue > 0 ? OfUnacknowledged(end, info, hasPeersFin) : OfAcknowledged(end, info, totals, role);
    }

    /// <summary>
    /// Judges the end of a socket whose addresses the kernel has deleted: its program aborted the connection, or its blocking connect failed.
    /// </summary>
    private static AbnormalEnd? OfDisconnected(DiagnosedSocket end, DiagnosedInfo info, DiagnosedSocket? before) => end.SendQueue switch
    {
        <= WriteJump => null, // the socket was never connected
        _ when info.PeerWindow > 0 || end.SendQueue > WriteJump + 1 => new(Cause.AbortiveClose, Confidence.Medium, "The program of this end aborted it with SO_LINGER 0 (or connect to AF_UNSPEC), which sends a RST.", EndKind.OwnAbort),
        _ when before?.Info is { Retransmissions: > 0 and var again } => new(Cause.ConnectTimeout, Confidence.Medium, $"Its connect failed; {Times(again, "SYN")} had been retransmitted.", EndKind.Connect),
        _ => new(Cause.Undetermined, Confidence.Low, "Its connect failed: refused, unreachable, or timed out.", EndKind.Connect),
    };

    private static AbnormalEnd? OfConnecting(DiagnosedSocket end, DiagnosedInfo info, TcpTotals totals) => totals.SegmentsReceived switch
    {
        _ when end.SendQueue == 0 => null,
        > 0 => new(Cause.ConnectionRefused, Confidence.Medium, "Its SYN was answered with a RST; no connection was established.", EndKind.Connect),
        _ when info.Retransmissions > 0 => new(Cause.ConnectTimeout, Confidence.Medium, $"{Times(info.Retransmissions + 1, "SYN")} had no answer until the kernel or the program gave up.", EndKind.Connect),
        _ => null, // the program may have canceled the connect itself, like a program that tries several addresses
    };

    private static AbnormalEnd OfUnacknowledged(DiagnosedSocket end, DiagnosedInfo info, bool hasPeersFin)
    {
        string lost = end.SendQueue == 1 ? "1 byte or its FIN was never acknowledged" : string.Create(CultureInfo.InvariantCulture, $"{end.SendQueue} bytes that it had written were never acknowledged (its FIN counts as one)");
        string unread = Unread(end) is { } sentence ? $" {sentence}" : "";
        return (info, hasPeersFin) switch
        {
            ({ PeerWindow: 0, Probes: >= Repeated }, _) => new(Cause.ZeroWindowStall, Confidence.Medium, $"{lost}: the peer's window was zero, and it did not open after the last {Times(info.Probes, "probe")}.{unread}"),
            ({ Unanswered: >= Repeated }, _) => new(Cause.SilentDrop, Confidence.Medium, $"{lost}: retransmitted {info.Unanswered} times without an answer, until the kernel gave up or a RST ended it.{unread}"),
            (_, true) when end.SendQueue > 1 => new(Cause.WriteAfterPeerClose, Confidence.Medium, $"{lost}; the peer had closed before (FIN).{unread}"),
            _ => new(Cause.Undetermined, Confidence.Low, $"{lost}: a RST, an ICMP error or ss -K ended it.{unread}"),
        };
    }

    private static AbnormalEnd? OfAcknowledged(DiagnosedSocket end, DiagnosedInfo info, TcpTotals totals, EndpointRole role)
    {
        int syn = role == EndpointRole.Client ? 1 : 0;
        // 0: neither SYN nor FIN of this end was acknowledged. 1: the SYN of a client, or the FIN of a server, was acknowledged. 2: both were.
        bool? hasSentFin = totals.AcknowledgedBeyondPayload switch
        {
            0 => false,
            2 => true,
            1 when role != EndpointRole.Unknown => syn == 0,
            _ => null,
        };
        if (hasSentFin == false && info.Probes >= Repeated)
            return new(Cause.KeepAliveTimeout, Confidence.Medium, $"The last {Times(info.Probes, "keepalive probe")} had no answer.");
        return (Unread(end), hasSentFin) switch
        {
            ({ } unread, false) => new(Cause.UnreadDataDiscarded, Confidence.Medium, $"{unread} It ended without a FIN from this end: the kernel sends a RST if a program closes with unread data, unless a RST from the peer came first."),
            ({ } unread, _) => new(Cause.UnreadDataDiscarded, Confidence.Low, unread),
            (null, false) => new(Cause.Undetermined, Confidence.Low, "It ended without a FIN from this end: by a RST, an ICMP error or ss -K."),
            _ => null,
        };
    }

    /// <summary>Describes the unread bytes. Returns null if nothing was unread except possibly a FIN, which counts as one byte.</summary>
    private static string? Unread(DiagnosedSocket end) => end.ReceiveQueue > 1 ? string.Create(CultureInfo.InvariantCulture, $"{end.ReceiveQueue} bytes were received and never read (a FIN counts as one).") : null;

    private static string Times(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}

/// <summary>The kinds of abnormal ends.</summary>
internal enum EndKind
{
    /// <summary>The end of an established connection.</summary>
    Connection,

    /// <summary>The end of an established connection that its own program aborted. The kernel has deleted the peer's address.</summary>
    OwnAbort,

    /// <summary>The end of an attempt to connect.</summary>
    Connect,
}
