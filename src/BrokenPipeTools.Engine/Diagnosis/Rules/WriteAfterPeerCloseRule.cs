using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Reasons;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// A FIN means that its sender sends no more; it may still read. A host without a socket answers later segments with a RST (RFC 9293, sections 3.6
/// and 3.10.7.1).
/// </summary>
internal sealed class WriteAfterPeerCloseRule : CauseRule
{
    public override Cause Cause => Cause.WriteAfterPeerClose;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset];

    public override string Summary => "The peer had closed, this side kept writing, and the peer's host answered with a RST: the classic broken pipe.";

    /// <summary>Seconds. After a pause of this length a device may have dropped the half-closed connection from its table.</summary>
    private const double Pause = 20;

    public override string Advice => "Check for end of file (read, poll) before writing on a connection that was idle; after end of file, close this side too. Let the side that keeps idle connections close them first.";

    public override string AdviceFor(CloseFacts facts) => SilenceAfterFin(facts) < Pause ? Advice
        : "If the peer only finished sending (shutdown), find the device on the path whose timer for half-closed connections is shorter than the time to the answer, or answer sooner. Otherwise close this side too after end of file.";

    public override Confidence? Judge(CloseFacts facts)
    {
        bool afterClose = facts.SentFinBefore(facts.ResetSender) && (facts.Shape == ResetShape.Stateless || facts.ResetAnswersUnackedData);
        bool onlyClosureAlert = facts.SentOnlyTlsClosureAlertAfterFin(facts.ResetReceiver) && UnackedPayload.IsNone(facts.Connection, facts.ResetReceiver);
        if (!afterClose || onlyClosureAlert || facts.ResetSenderHadGivenUp || (!facts.DataAfterFin(facts.ResetReceiver).Exists && !facts.ResetAnswersCrossing))
            return null;

        // Never High: a program that called shutdown for both directions and kept its socket causes the same packets.
        return Confidence.Medium;
    }

    public override Utf8Message Explain(CloseFacts facts)
    {
        LogPlace data = facts.DataRefusedAfterFin(facts.ResetReceiver);
        if (!data.Exists)
            return $"{facts.NameFirst(facts.ResetSender)} closed (FIN, frame {facts.FinFrame(facts.ResetSender)}) while payload of {facts.Name(facts.ResetReceiver)} was still on its way; {facts.Host(facts.ResetSender)} answered that payload with a RST (frame {facts.Frame(facts.ResetAt)}); it had no socket for the connection any more. The payload that crossed the FIN is lost.{Pipe(facts)}";
        ref readonly Observation o = ref facts.Connection.Log.Get(data);
        bool crossed = facts.Connection.Side(facts.ResetSender).FinEnd.IsAfter(o.Acknowledgment);
        LogPlace fin = facts.Find(ObservationKind.Fin, facts.ResetSender);
        Utf8Message close = $"closed (FIN, frame {facts.FinFrame(facts.ResetSender)}){Words.AfterSilence(facts.Idle >= 1 ? facts.Idle : 0)}";
        string lost = facts.Unacked(facts.ResetReceiver) > 0 ? $" {Words.BytesWere(facts.Unacked(facts.ResetReceiver))} never acknowledged." : "";
        Utf8Message answer = $"{facts.Host(facts.ResetSender)} answered with a RST (frame {facts.Frame(facts.ResetAt)}); it had no socket for the connection any more.{lost}{Pipe(facts)}";
        LogPlace accepted = facts.DataAfterFin(facts.ResetReceiver);
        if (accepted < data)
            return $"{facts.NameFirst(facts.ResetSender)} finished sending (FIN, frame {facts.FinFrame(facts.ResetSender)}) and acknowledged payload after that (frame {facts.Frame(accepted)}). {facts.NameFirst(facts.ResetReceiver)} wrote again{Words.Later(facts.Between(accepted, data))} (frame {facts.Frame(data)}); {answer}";
        if (facts.Local == facts.ResetReceiver && !crossed)
            return $"Your program kept writing (frame {facts.Frame(data)}) after {facts.Name(facts.ResetSender)} {close}; {answer}";
        string when = crossed ? "while that FIN was still on its way" : "anyway";
        TimePhrase later = crossed ? "" : Words.Later(facts.Between(fin, data));
        return $"{facts.NameFirst(facts.ResetSender)} {close}, and {facts.Name(facts.ResetReceiver)} wrote {when}{later} (frame {facts.Frame(data)}); {answer}";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) =>
    [
        new(facts.Find(ObservationKind.Fin, facts.ResetSender), "closed"),
        new(facts.DataRefusedAfterFin(facts.ResetReceiver), "payload after the close"),
        new(facts.ResetAt, "the RST that answers it"),
    ];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        yield return (Cause.DataAfterOwnClose, "a program that called shutdown(SHUT_RDWR) and kept the socket open produces the same packets: close and shutdown send the same FIN");
        if (SilenceAfterFin(facts) is >= Pause and var pause)
            yield return (Cause.StateExpired, $"a device on the path may have dropped the half-closed connection from its table in the {Words.Seconds(pause)} after the FIN{facts.Timers.DescribeAtMost(pause, TimerMode.HalfClosed).TrimEnd('.').Replace(" That is", ", which is", StringComparison.Ordinal)}");
        if (facts.Silence >= KnownTimers.Least && facts.MeaningOf(facts.ResetSender) is ReasonMeaning.Neutral or ReasonMeaning.Idle)
            yield return (Cause.IdleTimeout, $"the close came after {Words.Seconds(facts.Silence)} of silence");
        yield return (Cause.PeerStateLost, "the host may have lost the half-closed connection after its FIN");
        if (facts.ResetHasOtherTimeToLive)
            yield return (Cause.MiddleboxReset, "the TTL of the RST is not that of the host's other packets");
    }

    private static string Pipe(CloseFacts facts) => facts.BrokenPipe(facts.ResetReceiver);

    /// <summary>Returns the seconds from the FIN to the payload that the RST answers; 0 if there is no such payload.</summary>
    private static double SilenceAfterFin(CloseFacts facts)
    {
        LogPlace data = facts.DataRefusedAfterFin(facts.ResetReceiver);
        return data.Exists ? facts.Between(facts.Find(ObservationKind.Fin, facts.ResetSender), data) : 0;
    }
}
