using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Reasons;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 9293, section 3.6: both sides sent FIN, and everything was acknowledged. A RST after that loses nothing, nor does one that answers only the
/// peer's TLS close_notify.
/// </summary>
internal sealed class NormalCloseRule : CauseRule
{
    /// <summary>Seconds. A program that closes this much later than its peer was busy, or forgot to close its socket in time.</summary>
    private const double Late = 5;

    /// <summary>Seconds. A socket that is in CLOSE_WAIT for this long may be a leak.</summary>
    private const double Leak = 10;

    public override Cause Cause => Cause.NormalClose;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Graceful, CloseState.Reset];

    public override string Summary => "Both sides closed, and nothing was lost.";

    public override string Advice => "";

    public override string AdviceFor(CloseFacts facts) => facts.State == CloseState.Graceful && facts.HalfClosedFor >= Leak
        ? $"The second side closed {Words.Seconds(facts.HalfClosedFor)} after the first: its socket was in CLOSE_WAIT for that time. If many are (ss -tanp state close-wait), look for a program that does not close after a read has returned 0 (EOF)."
        : Advice;

    public override Confidence? Judge(CloseFacts facts) => facts.State == CloseState.Graceful
        ? IdleTimeoutRule.MayBe(facts) || ClosesWithoutAnswer(facts) || facts.IsResponseIncomplete || facts.IsWebSocketWithoutClose || Unknown(facts) is not null ? Confidence.Medium : Confidence.High
        : MeetsOnlyCloseNotify(facts) ? Confidence.Medium : null;

    public override Utf8Message Explain(CloseFacts facts)
    {
        if (facts.State == CloseState.Reset && ClosedWithoutNotify(facts))
            return $"{facts.NameFirst(facts.ResetSender)} closed (FIN, frame {facts.FinFrame(facts.ResetSender)}){AfterSilence(facts)} and had sent no TLS close_notify before that; {facts.Name(facts.ResetReceiver)}'s close_notify was answered with a RST (frame {facts.Frame(facts.ResetAt)}). All application data that was sent arrived, but {facts.Name(facts.ResetReceiver)} cannot distinguish a complete end from one that was cut off.{Unanswered(facts)}";
        if (facts.State == CloseState.Reset)
            return $"{facts.NameFirst(facts.ResetSender)} closed (FIN, frame {facts.FinFrame(facts.ResetSender)}) without waiting for {facts.Name(facts.ResetReceiver)}'s TLS close_notify, which was answered with a RST (frame {facts.Frame(facts.ResetAt)}): benign, no application data was lost.";
        int first = First(facts);
        if (facts.ClosedBy == ClosedBy.Both)
            return $"Both sides closed at the same time (FIN, frames {facts.FinFrame(first)} and {facts.FinFrame(1 - first)}){Outcome(facts)}";
        string late = facts.HalfClosedFor >= Late ? $" {Words.Seconds(facts.HalfClosedFor)} later" : "";
        string order = facts.FinFrame(1 - first) < facts.FinFrame(first) ? ", which acknowledges it; the frames are out of order" : "";
        return $"{facts.NameFirst(first)} closed (FIN, frame {facts.FinFrame(first)}){AfterSilence(facts)}, then {facts.Name(1 - first)}{late} (FIN, frame {facts.FinFrame(1 - first)}{order}){Outcome(facts)}{Unanswered(facts)}{Unknown(facts)?.Sentence ?? ""}";
    }

    /// <summary>Describes the part of the end that the capture does not show, and the cause that it may hide; null if it shows the end.</summary>
    private static (string Sentence, Cause Cause, string Why)? Unknown(CloseFacts facts)
    {
        if (facts.EndWithoutLastPayload is >= 0 and var end)
            return ($" The capture lacks {facts.Name(end)}'s last payload before its FIN.", Cause.Undetermined, "the payload that was not captured may have been a request without an answer, or the reason to close");
        if (facts.BeginsAtClose)
            return (" The capture shows nothing before the close.", Cause.Undetermined, "a time-out or an error before the capture began may be the reason");
        return facts.CapturedEarlyBy is >= IdleTimeoutRule.Shortest and var early
            ? ($" An ACK {Words.Seconds(early)} later does not acknowledge the FIN: the frames are out of order, or their times are wrong.", Cause.IdleTimeout, "the FIN may have come after that silence")
            : null;
    }

    private static string AfterSilence(CloseFacts facts) => IdleTimeoutRule.MayBe(facts) ? $" after {Words.Seconds(facts.Silence)} without payload" : "";

    private static string Unanswered(CloseFacts facts) => ClosesWithoutAnswer(facts) ? $" {facts.NameFirst(facts.Client)}'s last payload got no answer." : "";

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        if (facts.State != CloseState.Graceful && !ClosedWithoutNotify(facts))
            yield break;
        if (IdleTimeoutRule.MayBe(facts))
            yield return (Cause.IdleTimeout, IdleTimeoutRule.WhyUnknown(facts));
        else if (Unknown(facts) is { Cause: Cause.IdleTimeout } silence)
            yield return (silence.Cause, silence.Why);
        if (facts.IsResponseIncomplete)
            yield return (Cause.Undetermined, facts.IsLeftByClient
                ? $"{facts.Name(facts.Client)} may have given up, or been stopped, in the middle of the response"
                : $"{facts.Name(1 - facts.Client)} may have crashed, been stopped, or given up in the middle of its response");
        else if (ClosesWithoutAnswer(facts))
            yield return (Cause.Undetermined, $"{facts.Name(1 - facts.Client)} may have crashed or been stopped before it answered: the end of a process that has read all data is a FIN, too");
        else if (facts.IsWebSocketWithoutClose)
            yield return (Cause.Undetermined, "a program may have crashed or been stopped: one that ends in order sends a Close frame first (RFC 6455, section 7.1.2)");
        else if (facts.State != CloseState.Graceful)
            yield return (Cause.Undetermined, $"{facts.Name(facts.ResetSender)} may have crashed or been stopped: a program that ends in order sends close_notify first (RFC 8446, section 6.1)");
        else if (Unknown(facts) is { Cause: Cause.Undetermined } unseen)
            yield return (unseen.Cause, unseen.Why);
    }

    /// <summary>
    /// Returns whether the server closed a TLS connection, and its last payload before that was not a close_notify. For a client that needs nothing more,
    /// this is usual.
    /// </summary>
    private static bool ClosedWithoutNotify(CloseFacts facts) => facts.State == CloseState.Reset && facts.ClosedBy == ClosedBy.Server
        && !(facts.Connection.Close.EndsWithTlsClosureAlert && facts.Connection.Close.LastTurnSender != facts.Client)
        && !(facts.Find(ObservationKind.Fin, 1 - facts.Client) is { Exists: true } fin && facts.Connection.Log.Get(fin).IsTlsClosureAlert);

    /// <summary>
    /// Returns whether the server closed and had not answered the client's last payload: perhaps a last command, or a request that failed.
    /// </summary>
    private static bool ClosesWithoutAnswer(CloseFacts facts) => facts.ClosedBy == ClosedBy.Server && facts.AnyPayload && facts.Connection.Close.LastTurnSender == facts.Client
        && !facts.Connection.Close.EndsWithTlsClosureAlert && !facts.SentClosingMessageFirst(facts.Client) && facts.MeaningOf(1 - facts.Client) == ReasonMeaning.Neutral;

    /// <summary>Describes whether the payload arrived, and a RST that came although both sides had closed.</summary>
    private static string Outcome(CloseFacts facts)
    {
        int end = facts.Unacked(0) > 0 ? 0 : 1;
        string payload = facts.Unacked(end) == 0
            ? facts.IsResponseIncomplete ? ", and all that was sent arrived." : ", and nothing was lost."
            : $"; {facts.Name(end)} sent its last TLS record ({facts.Unacked(end)} bytes) after its peer had closed, and the record was not acknowledged: no application data was lost.";
        if (!facts.ResetAt.Exists)
            return payload;
        return RejectedReset.Of(facts, named: "").Length > 0 ? payload
            : payload + $" The RST after that (frame {facts.Frame(facts.ResetAt)}) {(Resets(facts) is >= 0 and var late ? $"lost no data; if {facts.Name(late)}'s socket was still open, its next write gets ECONNRESET" : "has no effect")}.";
    }

    /// <summary>Returns the end whose socket waited for the acknowledgment of its FIN and got the RST: a pending error, although no data is lost; -1 for none.</summary>
    private static int Resets(CloseFacts facts) => facts.ResultsAt(0).Write == CallResult.Reset ? 0 : facts.ResultsAt(1).Write == CallResult.Reset ? 1 : -1;

    /// <summary>Returns whether the RST answers only the other side's TLS close_notify.</summary>
    private static bool MeetsOnlyCloseNotify(CloseFacts facts) => facts.ResetAt.Exists && facts.Shape == ResetShape.Stateless
        && facts.SentFinBefore(facts.ResetSender) && facts.SentOnlyTlsClosureAlertAfterFin(facts.ResetReceiver) && UnackedPayload.IsNone(facts.Connection, facts.ResetReceiver)
        && facts.Unacked(facts.ResetSender) is var unacked && (unacked == 0 || unacked == CloseNotifyOfFin(facts));

    /// <summary>Returns how many bytes of TLS close_notify the FIN of the RST's sender has. If they cross the other side's, no program waits for them.</summary>
    private static long CloseNotifyOfFin(CloseFacts facts) =>
        facts.Find(ObservationKind.Fin, facts.ResetSender) is { Exists: true } at && facts.Connection.Log.Get(at) is { IsTlsClosureAlert: true, Length: var length } ? length : 0;

    private static int First(CloseFacts facts) => facts.ClosedBy == ClosedBy.Server ? 1 - facts.Client : facts.Client;
}
