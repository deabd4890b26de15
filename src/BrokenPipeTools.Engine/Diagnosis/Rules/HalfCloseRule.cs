using BrokenPipeTools.Capture;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>RFC 9293, section 3.6: a side that has sent FIN can still receive.</summary>
internal sealed class HalfCloseRule : CauseRule
{
    /// <summary>
    /// Seconds. Programs that close because the peer has closed do so sooner. A program that has not closed after this time may never close.
    /// </summary>
    private const double Leak = 10;

    public override Cause Cause => Cause.HalfClose;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Graceful, CloseState.HalfClosed];

    public override string Summary => "One side finished sending; the other side went on sending, or has not closed yet.";

    public override string Advice => "If the other side never closes, it leaks a socket in CLOSE_WAIT: run ss -tanp state close-wait there. A program must close after a read has returned 0 (EOF).";

    public override string AdviceFor(CloseFacts facts) => IsLeft(facts) && facts.IsUnseen(1 - Closer(facts)) ? "Capture both directions: this capture does not show whether the other side closed."
        : facts.State == CloseState.HalfClosed && facts.MayLackFin(1 - Closer(facts)) ? "Capture again without lost frames: this capture does not show if the other side closed."
        : IsLeft(facts) && facts.HalfClosedFor >= Leak ? Advice
        : facts.State == CloseState.Graceful && IsLateRequest(facts) ? "A request that was sent after the server's FIN has no answer: send it again on a new connection. Let the client's pool close idle connections before the server does." : "";

    public override Confidence? Judge(CloseFacts facts)
    {
        int closer = Closer(facts);
        if (closer < 0 || (facts.State == CloseState.HalfClosed && facts.FinFrame(1 - closer) != 0))
            return null;
        bool wentOn = facts.DataAfterFin(1 - closer).Exists;
        if (facts.State == CloseState.Graceful) // a closing message is part of the other side's close, and not a use of the half that is still open
            return wentOn && !facts.ResetAt.Exists && !facts.SentOnlyTlsClosureAlertAfterFin(1 - closer) ? (IsLateRequest(facts) || facts.IsResponseIncomplete ? Confidence.Medium : OfPayload(facts)) : null;
        return !facts.IsUnseen(1 - closer) && !facts.MayLackFin(1 - closer) && !(facts.IsAfterLoss && !wentOn) && (wentOn || facts.HalfClosedFor >= Leak) ? Confidence.Medium : Confidence.Low;
    }

    public override Utf8Message Explain(CloseFacts facts)
    {
        int closer = Closer(facts);
        LogPlace data = facts.DataAfterFin(1 - closer);
        string silence = WaitedBefore(facts) ? $" after {Words.Seconds(facts.Silence)} without payload" : "";
        string first = $"{facts.NameFirst(closer)} finished sending (FIN, frame {facts.FinFrame(closer)}){silence}";
        string wentOn = data.Exists ? $" and {facts.Name(1 - closer)} went on sending (frame {facts.Frame(data)})" : "";
        if (facts.State == CloseState.Graceful)
            return $"{first}{wentOn}, then closed too (FIN, frame {facts.FinFrame(1 - closer)}). {(IsLateRequest(facts) ? $"All of it was acknowledged, but after its FIN {facts.Name(closer)} could not answer it; the packets do not show if it was read or discarded." : facts.IsResponseIncomplete ? "All that was sent arrived." : "Nothing was lost.")}";
        if (facts.IsUnseen(1 - closer))
            return $"{first}; the packets of {facts.Name(1 - closer)} were not captured: it is not known if that side has closed too.";
        if (facts.MayLackFin(1 - closer))
            return $"{first}{wentOn}; it acknowledged more than was captured of {facts.Name(1 - closer)}, whose FIN may be missing in the capture: it is not known if that side has closed too.";
        string open = TimePhrase.IsNoTime(facts.HalfClosedFor)
            ? $"{facts.Name(1 - closer)} had not closed when the capture ended"
            : $"{facts.Name(1 - closer)} has not closed in the {Words.Seconds(facts.HalfClosedFor)} until the end of the capture";
        return data.Exists ? (Utf8Message)$"{first}{wentOn}; {open}." : $"{first}; {open}. Its socket is in CLOSE_WAIT. The packets do not show if {facts.Name(closer)} still reads: close and shutdown(SHUT_WR) send the same FIN.";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(facts.Find(ObservationKind.Fin, Closer(facts)), "finished sending")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => WaitedBefore(facts) ? [.. AlternativesOf(facts), (Cause.IdleTimeout, IdleTimeoutRule.WhyUnknown(facts))] : AlternativesOf(facts);

    private static IEnumerable<(Cause Cause, string Why)> AlternativesOf(CloseFacts facts) => IsLeft(facts)
        ? [(Cause.NormalClose, facts.IsUnseen(1 - Closer(facts)) || facts.MayLackFin(1 - Closer(facts)) ? "the other side may have closed too" : "the other side may close later; a program that never does leaks a socket in CLOSE_WAIT")]
        : facts.State != CloseState.Graceful ? []
        : IsLateRequest(facts) ? [(Cause.WriteAfterPeerClose, $"{facts.Name(1 - facts.Client)} may have closed both directions and only discarded the payload that came after its FIN, as servers with a lingering close do")]
        : facts.IsResponseIncomplete ? [(Cause.Undetermined, $"{facts.Name(1 - facts.Client)} may have crashed, been stopped, or given up in the middle of its response")]
        : HidesPayload(facts) ? [(Cause.NormalClose, "the payload after the FIN was not captured: it may be a TLS close_notify only")]
        : [];

    /// <summary>
    /// Returns whether the client sent payload after the server's FIN: the server cannot answer it. A server that reads on before it closes (nginx:
    /// lingering_close) discards it.
    /// </summary>
    private static bool IsLateRequest(CloseFacts facts) => facts.ClosedBy == ClosedBy.Server && facts.DataAfterFin(facts.Client).Exists;

    /// <summary>A text trace or a snapshot length hides if the payload after the FIN is a closing message, so the confidence is lower.</summary>
    private static Confidence OfPayload(CloseFacts facts) => HidesPayload(facts) ? Confidence.Medium : Confidence.High;

    private static bool HidesPayload(CloseFacts facts) =>
        (facts.Connection.Lacks & FrameLacks.Payload) != 0 || facts.Connection.Side(1 - Closer(facts)).Has(SideMarks.SnappedPayload);

    /// <summary>Returns whether the side that closed may have waited for a time-out of its own before that, and the other side sent nothing more.</summary>
    private static bool WaitedBefore(CloseFacts facts) =>
        IsLeft(facts) && !facts.IsUnseen(1 - Closer(facts)) && !facts.MayLackFin(1 - Closer(facts)) && IdleTimeoutRule.MayBe(facts);

    /// <summary>Returns whether one side closed and the other side sent nothing more.</summary>
    private static bool IsLeft(CloseFacts facts) => facts.State == CloseState.HalfClosed && facts.FinFrame(1 - Closer(facts)) == 0 && !facts.DataAfterFin(1 - Closer(facts)).Exists;

    private static int Closer(CloseFacts facts) => facts.ClosedBy switch
    {
        ClosedBy.Client => facts.Client,
        ClosedBy.Server => 1 - facts.Client,
        _ => -1,
    };
}
