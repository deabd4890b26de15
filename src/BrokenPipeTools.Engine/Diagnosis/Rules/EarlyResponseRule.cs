using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// A server answers and closes before it has read the whole request. Because of the unread data its kernel sends a RST, or answers later data with
/// one (RFC 9112, section 9.6 recommends a lingering close).
/// </summary>
internal sealed class EarlyResponseRule : CauseRule
{
    public override Cause Cause => Cause.EarlyResponse;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.Graceful, CloseState.HalfClosed];

    public override string Summary => "The server answered and closed while the client was still uploading.";

    public override string Advice => "The answer has the reason (413, 401, 417): raise the limit, or send Expect: 100-continue and wait for the answer. Let the server read on for a while after the answer (nginx: lingering_close), so that the answer arrives.";

    /// <summary>Seconds. A server that continues to read for this long after its close makes a lingering close.</summary>
    private const double Lingered = 2;

    public override string AdviceFor(CloseFacts facts)
    {
        if (facts.State != CloseState.Reset)
            return "The answer has the reason: check its status and body. The whole answer arrived; let the client read it while it sends, or send Expect: 100-continue and wait for the answer.";
        return facts.SentFinBefore(1 - facts.Client) && facts.HalfClosedFor >= Lingered
            ? "The answer has the reason (413, 401, 417): raise the limit, or send Expect: 100-continue and wait for the answer. The server did read on after the answer; let the client read the answer while it sends."
            : Advice;
    }

    /// <summary>Bytes. A request of at least this size takes several writes, and counts as an upload.</summary>
    private const long Upload = 4_096;

    /// <summary>Seconds. If the client's next segment follows within this time, the upload is still active.</summary>
    private const double GoesOn = 1;

    public override Confidence? Judge(CloseFacts facts)
    {
        int server = 1 - facts.Client;
        if (facts.State != CloseState.Reset)
            return JudgeWithoutReset(facts, server);
        if (facts.ResetSender != server || facts.Connection.Side(facts.Client).PayloadBytes < Upload)
            return null;
        ref readonly CloseWatch close = ref facts.Connection.Close;
        bool isShort = facts.Connection.Side(server).PayloadBytes * 4 < facts.Connection.Side(facts.Client).PayloadBytes;
        if (!isShort || facts.Connection.Side(server).PayloadBytes == 0 || facts.Idle >= GoesOn)
            return null;
        bool isLastUpload = close.LastTurnSender == facts.Client && close.BytesBeforeLastTurn > 0 && (close.Turns is 2 or 3 || close.BytesOfLastTurn >= Upload);
        bool uploadsOn = facts.Shape == ResetShape.Active && isLastUpload;
        LogPlace data = facts.DataAfterFin(facts.Client);
        bool crossesClose = data.Exists && IsAnswerToUpload(facts, server)
            && facts.Between(facts.Find(ObservationKind.Fin, server), data) < GoesOn;
        bool resetAfterAnswer = facts.Shape == ResetShape.Active && IsAnswerToUpload(facts, server) && !(facts.SentFinBefore(server) && SaidGoodbye(facts, server));
        return uploadsOn || crossesClose || resetAfterAnswer ? Confidence.Medium : null;
    }

    /// <summary>Returns whether the last payload before the close is the server's, and the payload before that was an upload.</summary>
    private static bool IsAnswerToUpload(CloseFacts facts, int server)
    {
        ref readonly CloseWatch close = ref facts.Connection.Close;
        return close.LastTurnSender == server && (close.Turns == 2 || close.BytesBeforeLastTurn >= Upload);
    }

    /// <summary>Returns whether the server ended the session as its protocol requires (SMTP 221, for example). It had then read the upload.</summary>
    private static bool SaidGoodbye(CloseFacts facts, int server) => facts.ReasonOf(server).Reason is { IsClosingMessage: true, Kind: not ReasonKind.Http };

    /// <summary>
    /// Judges a closing without a RST: the server refused the request with an error and closed, and the client continued to send its body after that.
    /// </summary>
    private static Confidence? JudgeWithoutReset(CloseFacts facts, int server)
    {
        StatedReason stated = facts.ReasonOf(server);
        ref readonly CloseWatch close = ref facts.Connection.Close;
        if (facts.ClosedBy != ClosedBy.Server || stated.Reason is not { Kind: ReasonKind.Http, IsClosingMessage: true } || facts.Connection.Side(facts.Client).PayloadBytes < Upload)
            return null;
        bool beforeFin = close.LastTurnSender == facts.Client && close.Turns == 3;
        LogPlace data = facts.DataAfterFin(facts.Client);
        bool afterFin = data.Exists && close.Turns == 2 && facts.Between(facts.Find(ObservationKind.Fin, server), data) < GoesOn;
        return beforeFin || afterFin ? Confidence.Medium : null;
    }

    public override Utf8Message Explain(CloseFacts facts) => facts.State != CloseState.Reset
        ? (Utf8Message)$"{facts.NameFirst(1 - facts.Client)} answered with an error while {facts.Name(facts.Client)} was still uploading ({facts.Connection.Side(facts.Client).PayloadBytes} bytes in total), and closed (FIN, frame {facts.FinFrame(1 - facts.Client)}). The rest of the upload was not used."
        : $"{facts.NameFirst(1 - facts.Client)} answered ({facts.Connection.Side(1 - facts.Client).PayloadBytes} bytes) while {facts.Name(facts.Client)} was still uploading ({facts.Connection.Side(facts.Client).PayloadBytes} bytes so far), and closed{Reset(facts)}. "
        + "The upload fails with ECONNRESET or EPIPE; on Linux the answer can still be read, elsewhere it may be lost.";

    /// <summary>Describes the RST, and the FIN if one came before it.</summary>
    private static string Reset(CloseFacts facts) => facts.SentFinBefore(facts.ResetSender)
        ? $" (FIN, frame {facts.FinFrame(facts.ResetSender)}); {(facts.DataAfterFin(facts.Client).Exists ? "later payload was answered with" : "its kernel discarded what the program had not read, and sent")} a RST (frame {facts.Frame(facts.ResetAt)})"
        : $" with unread data, so its kernel sent a RST (frame {facts.Frame(facts.ResetAt)})";

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => facts.State != CloseState.Reset
        ? [new(facts.Find(ObservationKind.Fin, 1 - facts.Client), "closed during the upload")]
        : [new(facts.ResetAt, $"{facts.Name(1 - facts.Client)} is no longer reading")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => facts.Shape == ResetShape.Active
        ? [(Cause.UnreadDataDiscarded, $"{facts.Name(1 - facts.Client)} may have closed in the middle of reading")]
        : [(Cause.WriteAfterPeerClose, $"{facts.Name(facts.Client)} may have gone on sending after it had the whole answer")];
}
