using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>Derives the cause of the peer's close from how and when it closed.</summary>
internal static class CloseDiagnosis
{
    /// <summary>A peer that closes later than this after its last activity has waited for a time-out: programs do not compute for so long.</summary>
    private static readonly TimeSpan Noticeable = TimeSpan.FromMilliseconds(200);

    /// <summary>A shorter silence may be chance as well as a time-out.</summary>
    internal static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The shortest time-out that any device has by default.</summary>
    private static readonly TimeSpan DeviceLike = TimeSpan.FromSeconds(30);

    /// <summary>The HTTP status Request Timeout (RFC 9110, section 15.5.9): no complete request came within the time that the server waits.</summary>
    internal const int RequestTimeout = 408;

    private const int ContentTooLarge = 413;

    /// <summary>
    /// A RST that comes within this time is not late: a probe checks for a RST only about every millisecond, so shorter round trips cannot be
    /// measured.
    /// </summary>
    private static readonly TimeSpan LateAnswer = TimeSpan.FromMilliseconds(10);

    public static ProbeFinding Of(TeardownObservation seen) => seen.Mechanism switch
    {
        CloseMechanism.Silence => Silent(seen),
        CloseMechanism.Fin or CloseMechanism.Reset or CloseMechanism.ResetInReply when seen.Requests is not null => RaceDiagnosis.Of(seen),
        CloseMechanism.Unreachable => new ProbeFinding(Cause.NetworkUnreachable, Confidence.Medium, $"The connection ended with {seen.Read}: the peer cannot be reached, according to an ICMP error or because an ARP or neighbor request was not answered."),
        CloseMechanism.Fin => Finished(seen),
        CloseMechanism.ResetInReply => AnsweredWithReset(seen),
        _ => Reset(seen),
    };

    private static ProbeFinding Finished(TeardownObservation seen)
    {
        string closed = $"The server closed (FIN) {After(seen)}";
        if (seen.ClosedFirst)
        {
            return seen.ReceivedAfterOwnFin > 0
                ? new ProbeFinding(Cause.HalfClose, Confidence.High, $"This side's FIN came first; the server went on sending ({seen.ReceivedAfterOwnFin} bytes), then closed too: it supports a half-close.")
                : new ProbeFinding(Cause.NormalClose, Confidence.High, $"This side's FIN came first, and the server closed too, {After(seen)}.");
        }

        if (seen is { ClosingMessage: true, HttpStatus: RequestTimeout })
            return IdleClose(seen, TimerMode.Fin, $"{closed}, with the answer 408: it had waited for a complete request{Tail(seen)}") with { Confidence = Confidence.High, Alternatives = [] };

        if (HasWaited(seen))
            return IdleClose(seen, TimerMode.Fin, $"{closed}{(seen.ClosingMessage ? ", and sent data just before" : "")}{Tail(seen)}");
        if (WasResetUnprovoked(seen))
            return ResetAfterFin(seen, $"{closed}, and then sent a RST without having received anything.");
        if (TeardownDiagnosis.WasResetLate(seen) && seen is { HttpStatus: >= 400, BodySent: true })
            return RefusedThenReset(seen, $"{closed}{Tail(seen)}");
        if (TeardownDiagnosis.WasResetLate(seen))
            return new ProbeFinding(Cause.WriteAfterPeerClose, Confidence.High, $"{closed}{Tail(seen)}");
        return seen.FirstWrite is not null && seen.Acknowledged != false
            ? new ProbeFinding(Cause.HalfClose, Confidence.Medium, $"{closed}{Tail(seen)}").Or(Cause.NormalClose, "a server that lingers continues to read for some seconds, and then closes (RFC 9112, section 9.6)")
            : new ProbeFinding(Cause.NormalClose, Confidence.High, $"{closed}{Tail(seen)}");
    }

    /// <summary>
    /// Decides why a RST followed a late write. A server that refuses a request may close before it has read the body. Its kernel then sends the RST
    /// by itself, and the late write may come just before it. This is more likely if the RST took much longer than an answer takes, or if the status
    /// means that the body was too large (RFC 9110, section 15.5.14).
    /// </summary>
    private static ProbeFinding RefusedThenReset(TeardownObservation seen, string closed)
    {
        bool unread = seen.HttpStatus == ContentTooLarge || seen.ResetAfter is not { } after || (after >= LateAnswer && after >= seen.RoundTrip * 10);
        return unread
            ? new ProbeFinding(Cause.EarlyResponse, Confidence.Medium, $"The server answered {seen.HttpStatus}, probably with a part of the request unread. {closed}").Or(Cause.WriteAfterPeerClose, "the RST may be the answer to the write after the FIN, and not the result of the unread part of the request")
            : new ProbeFinding(Cause.WriteAfterPeerClose, Confidence.Medium, closed).Or(Cause.EarlyResponse, $"the server answered {seen.HttpStatus}, and may have closed with a part of the request unread");
    }

    /// <summary>
    /// Judges a RST after a FIN. RFC 1122, section 4.2.2.13: a host that closes with unread data, or that receives more data after the close, sends a
    /// RST. A FIN may come before it.
    /// </summary>
    private static ProbeFinding ResetAfterFin(TeardownObservation seen, string reset) => seen.HttpStatus >= 400
        ? EarlyResponse(seen, reset)
        : new ProbeFinding(Cause.UnreadDataDiscarded, Confidence.Medium, $"{reset} It had not read all data that was sent.{Results(seen)}")
            .Or(Cause.PeerStateLost, "its kernel may have dropped the closed connection, because it had too many of them");

    private static ProbeFinding Reset(TeardownObservation seen)
    {
        string reset = $"The connection was reset {After(seen)}";
        if (seen.ClosedFirst)
            return new ProbeFinding(Cause.AbortiveClose, Confidence.Medium, $"This side had sent FIN; {Lower(reset)}: the server does not support a half-close.").Or(Cause.UnreadDataDiscarded, "it may have closed with unread data");
        if (seen.HttpStatus >= 400 && !HasWaited(seen))
            return EarlyResponse(seen, reset);
        if (HasWaited(seen))
        {
            return IdleClose(seen, TimerMode.Reset, $"{reset}, although nothing was sent.{Results(seen)}")
                .Or(Cause.MiddleboxReset, "a device on the path may have sent the RST after its own time-out; a capture shows the sender");
        }

        return new ProbeFinding(Cause.AbortiveClose, Confidence.Medium, $"{reset}: its program aborted it (SO_LINGER 0) or was killed.{Results(seen)}")
            .Or(Cause.MiddleboxReset, "a firewall may have sent the RST; a capture shows the sender")
            .Or(Cause.AcceptQueueOverflow, "a server may be configured to reset connections when its accept queue is full (tcp_abort_on_overflow)");
    }

    private static ProbeFinding AnsweredWithReset(TeardownObservation seen)
    {
        string unasked = seen.Waited >= ShortestTimeout && seen.Probe == TeardownProbeKind.Idle ? "the first packet after the silence" : "the data that was sent";
        string reset = $"A RST answered {unasked} ({Words.Seconds((seen.ResetAfter ?? seen.ClosedAfter ?? TimeSpan.Zero).TotalSeconds)}).";
        if (seen.Probe == TeardownProbeKind.Idle && seen.Waited >= ShortestTimeout)
            return Forgotten(seen, reset);
        if (seen.HttpStatus >= 400)
            return EarlyResponse(seen, reset);
        return new ProbeFinding(Cause.UnreadDataDiscarded, Confidence.Low, $"{reset} The server closed with unread data, or aborted the connection.{Results(seen)}")
            .Or(Cause.AbortiveClose, "close with SO_LINGER 0 sends the same packet, even if all data had been read")
            .Or(Cause.MiddleboxReset, "a firewall that rejects the sent data sends a RST with the server's address; a capture shows the sender");
    }

    private static ProbeFinding EarlyResponse(TeardownObservation seen, string reset) =>
        new ProbeFinding(Cause.EarlyResponse, Confidence.Medium, $"The server answered {seen.HttpStatus} and closed with a part of the request unread. {reset}{Results(seen)}")
            .Or(Cause.UnreadDataDiscarded, "it may have closed in the middle of reading");

    /// <summary>Judges a RST after an idle time: either a device on the path or the peer's host has dropped its state for the connection.</summary>
    private static ProbeFinding Forgotten(TeardownObservation seen, string reset) =>
        new ProbeFinding(Cause.StateExpired, seen.Waited >= DeviceLike ? Confidence.Medium : Confidence.Low, $"{reset} Neither side had closed within {Words.Seconds(seen.Waited.TotalSeconds)}: a device on the path, or the host, no longer had the connection.")
        {
            Timers = seen.Timers.MatchAtMost(seen.Waited.TotalSeconds, TimerMode.ResetInReply),
        }
        .Or(Cause.PeerStateLost, "a host that was restarted in the meantime sends the same RST")
        .Or(Cause.MiddleboxReset, "a firewall rule may have changed in the meantime; a capture shows the sender of the RST");

    private static ProbeFinding Silent(TeardownObservation seen)
    {
        if (seen is { KeepAlive: true, Read: not null, FirstWrite: null })
        {
            return new ProbeFinding(Cause.KeepAliveTimeout, Confidence.Medium, $"TCP keepalive probes were not answered, and the kernel gave up ({seen.Read}) {Words.Seconds(seen.Waited.TotalSeconds)} after {OpenDiagnosis.Since(seen)}.")
                .Or(Cause.StateExpired, "a device on the path may have dropped the connection from its table").Or(Cause.SilentDrop, "the path may have failed");
        }

        string silent = $"After {Words.Seconds(seen.Waited.TotalSeconds)} without a packet, no packet was answered any more";
        return seen.Reconnect switch
        {
            // If the path or the host were unreachable, the second SYN would not have been answered either.
            "ok" => new ProbeFinding(Cause.StateExpired, Confidence.Medium, $"{silent}, but a new connection to the same address was: a device on the path had dropped this connection from its table.")
            {
                Timers = seen.Timers.MatchAtMost(seen.Waited.TotalSeconds, TimerMode.Silence),
            }
            .Or(Cause.SilentDrop, "a firewall may drop this connection, but not new ones"),
            null => new ProbeFinding(Cause.SilentDrop, Confidence.Low, $"{silent}.").Or(Cause.StateExpired, "a device on the path may have dropped the connection from its table"),
            _ => new ProbeFinding(Cause.SilentDrop, Confidence.Medium, $"{silent}, nor was a new connection to the same address ({seen.Reconnect}): the path drops all packets, or the host is down.")
                .Or(Cause.PeerStateLost, "the host may be down"),
        };
    }

    public static ProbeFinding IdleClose(TeardownObservation seen, TimerMode mode, string what)
    {
        double seconds = (seen.ClosedAfter ?? TimeSpan.Zero).TotalSeconds;
        IReadOnlyList<KnownTimer> timers = seen.Timers.Match(seconds, closedByClient: false, mode == TimerMode.Fin && seen.Answered ? TimerMode.KeepAlive : mode);
        return new ProbeFinding(Cause.IdleTimeout, seen.ClosedAfter >= ShortestTimeout ? Confidence.Medium : Confidence.Low, what) { Timers = timers }
            .Or(mode == TimerMode.Fin ? Cause.NormalClose : Cause.AbortiveClose, "the program may have ended it for another reason, after that time by chance");
    }

    /// <summary>Returns whether the first write already failed with the reset. The write then cannot have caused it.</summary>
    private static bool WasResetUnprovoked(TeardownObservation seen) => seen is { BytesSent: > 0, ResetAfter: null, FirstWrite: not (null or "ok") } && TeardownDiagnosis.WasResetLate(seen);

    /// <summary>Returns whether the peer closed later than the path or its program's last activity explains.</summary>
    public static bool HasWaited(TeardownObservation seen) => seen.ClosedAfter is { } after && after >= Noticeable && after >= seen.RoundTrip * 10;

    private static string After(TeardownObservation seen) => $"{Later(seen)} after {OpenDiagnosis.Since(seen)}";

    private static string Later(TeardownObservation seen) => Words.Seconds((seen.ClosedAfter ?? TimeSpan.Zero).TotalSeconds).ToString();

    /// <summary>Describes the results of the writes after the FIN.</summary>
    public static string Tail(TeardownObservation seen) => seen switch
    {
        { FirstWrite: null } => ".",
        { ResetAfter: { } after } => $". The first write after that was accepted ({seen.FirstWrite}) and answered with a RST ({Words.Seconds(after.TotalSeconds)}); the second got {seen.SecondWrite}.",
        { SecondWrite: "ok", Acknowledged: true } => ". It still accepts data: it has only finished sending, or lingers before it closes.",
        { SecondWrite: "ok" } => $". Data written after that was not answered with a RST in {Words.Seconds(seen.Waited.TotalSeconds)}.",
        _ => $". The first write after that returned {seen.FirstWrite}{(seen.SecondWrite is null ? "" : $", the second {seen.SecondWrite}")}.",
    };

    private static string Results(TeardownObservation seen) => $" The read got {seen.Read}{(seen.FirstWrite is null ? "" : $", the write after it {seen.FirstWrite}")}.";

    private static string Lower(string text) => char.ToLowerInvariant(text[0]) + text[1..];
}
