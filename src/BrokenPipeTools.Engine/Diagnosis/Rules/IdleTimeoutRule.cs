using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.History;
using BrokenPipeTools.Diagnosis.Reasons;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>One side closes a connection after a silence as long as its time-out, with a FIN, or with a RST that answers nothing.</summary>
internal sealed class IdleTimeoutRule : CauseRule
{
    public override Cause Cause => Cause.IdleTimeout;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.Graceful, CloseState.HalfClosed];

    public override string Summary => "An endpoint or a proxy closed the connection after an idle time.";

    public override string Advice => "Let the side that keeps idle connections close them first: set the client pool's idle limit below the keep-alive time-out of the server or proxy, or raise that time-out.";

    /// <summary>Seconds. No product has a shorter default, and programs often pause for less. (A site's own timer may be shorter.)</summary>
    public const double Shortest = 1.9;

    /// <summary>Seconds. A side that states that it waited too long was silent for at least this time.</summary>
    private const double ShortestStated = 0.5;

    /// <summary>Seconds. A client waits for an answer for at least this: time-outs of calls between services are a fraction of a second.</summary>
    private const double ShortestWait = 0.2;

    /// <summary>Seconds. Equal silences below this may be pauses of a program, and need not be a time-out.</summary>
    private const double ShortestHabit = 4.9;

    public override Confidence? Judge(CloseFacts facts)
    {
        if (facts.Connection.Close.HasBegun is false || facts.ClosedBy is not (ClosedBy.Client or ClosedBy.Server) || !(facts.AnyPayload || NobodySpoke(facts)))
            return null;
        double idle = facts.Silence;
        ReasonMeaning stated = facts.MeaningOf(Closer(facts));
        if (idle < KnownTimers.Least && facts.OneSided.Seconds < ShortestHabit && stated != ReasonMeaning.Idle)
            return null; // the usual case: no silence is as long as a time-out
        bool eagerReset = facts.State == CloseState.Reset && facts.Shape == ResetShape.Active && !facts.TriggerAt.Exists && !facts.SentFinBefore(facts.ResetSender) && !facts.SentFinBefore(facts.ResetReceiver);
        bool fin = !facts.ResetAt.Exists || facts.SentFinBefore(Closer(facts));
        bool byClient = Closer(facts) == facts.Client;
        if (eagerReset && AcknowledgesRequest(facts) && !IsRound(idle))
            return null; // the request had arrived before the RST, so no timer sent the RST
        if (eagerReset && facts.Connection.Side(facts.ResetSender).Has(SideMarks.ZeroWindow))
            return null; // its receive buffer was full of unread payload, and the other side waited for it
        if (PeerHadNoSocket(facts))
            return null; // the close was answered by a host that no longer had the connection, and that is what went wrong
        if (!(eagerReset || fin) || stated is not (ReasonMeaning.Neutral or ReasonMeaning.Idle))
            return null;
        if (facts.Connection.ClosedTogether > 0 || facts.ResetIsBeyondSent || facts.Connection.Side(Closer(facts)).Sent.HasGaps || facts.ResetSenderHadGivenUp || facts.WaitsForAcknowledgment || facts.HasTimedOut || WindowRemark.FindShut(facts).Exists)
            return null; // the last payload was not acknowledged or not read, or the program closed all its connections: that is the cause
        if ((stated == ReasonMeaning.Idle && (idle >= ShortestStated || IsSilenceUnknown(facts))) || (fin && IsAnnounced(facts)))
            return Confidence.High;
        Confidence? judged = JudgeOneSided(facts, byClient, eagerReset) ?? JudgeSilence(facts, idle, byClient, eagerReset, fin);
        return judged is not null && eagerReset && AcknowledgesRequest(facts) ? Confidence.Low : judged; // the RST acknowledges a request, which may be the reason
    }

    /// <summary>
    /// Returns whether the FIN of the side that closed was answered with a RST of a host without a socket: a RST without ACK, and before it neither an
    /// acknowledgment of that FIN nor a FIN of the other side.
    /// </summary>
    private static bool PeerHadNoSocket(CloseFacts facts) => facts.State == CloseState.Reset && facts.ResetAt.Exists && facts.Shape == ResetShape.Stateless
        && facts.ResetSender != Closer(facts) && !facts.SentFinBefore(facts.ResetSender) && !facts.Connection.Side(Closer(facts)).Has(SideMarks.FinAcknowledged);

    /// <summary>Returns whether payload came after the silence, and the RST acknowledges that payload.</summary>
    private static bool AcknowledgesRequest(CloseFacts facts)
    {
        if (!facts.AnsweredAt.Exists || (facts.Reset.Flags & TcpFlags.Ack) == 0)
            return false;
        ref readonly Observation asked = ref facts.Connection.Log.Get(facts.AnsweredAt);
        return asked.Kind == ObservationKind.Data && facts.Reset.Acknowledgment.IsAtOrAfter(asked.Sequence.Add(asked.Length));
    }

    /// <summary>Returns whether the silence of one side is longer than that of both sides, and so fits a time-out better.</summary>
    private static bool IsOneSided(CloseFacts facts) =>
        JudgeOneSided(facts, Closer(facts) == facts.Client, eagerReset: facts.FinFrame(Closer(facts)) == 0) is not null;

    private static Confidence? JudgeSilence(CloseFacts facts, double idle, bool byClient, bool eagerReset, bool fin)
    {
        if (idle < KnownTimers.Least)
            return null;
        bool isKnown = facts.Timers.Knows(idle, byClient, ModeOf(facts, eagerReset));
        if (idle < Shortest && !isKnown)
            return null;
        bool hadRequest = eagerReset && !byClient && facts.ResetLeavesUnanswered; // it had work to do, and may have ended for another reason after any time
        Confidence? alone = eagerReset ? (IsRound(idle) ? Confidence.Medium : hadRequest ? null : Confidence.Low) : isKnown ? Confidence.Medium : null;
        return facts.Neighbors is { } neighbors ? Weigh(alone, neighbors, idle, surest: isKnown && fin && !byClient) : alone;
    }

    /// <summary>
    /// Returns whether the side that closed had stated its idle limit in an HTTP response, and the silence is as long. Node.js waits up to a second
    /// longer than it states (server.keepAliveTimeoutBuffer).
    /// </summary>
    private static bool IsAnnounced(CloseFacts facts)
    {
        const double Early = 0.1;
        const double Late = 1.1;

        // The limit is for a connection that waits for a request. In the middle of a response, another timer closed it.
        int limit = facts.IdleLimitOf(Closer(facts)).Reason.IdleLimit;
        return limit > 0 && !facts.IsResponseIncomplete && facts.Silence >= limit - Early && facts.Silence <= limit + Late;
    }

    /// <summary>Returns whether the capture begins with the message in which the side that closed stated its reason.</summary>
    private static bool IsSilenceUnknown(CloseFacts facts) => facts.Connection.Opener < 0 && facts.Connection.Close is { Idle: < 0, PayloadIdle: < 0 };

    /// <summary>Returns whether the side that closed stated that it had waited too long.</summary>
    private static bool IsStated(CloseFacts facts) => facts.MeaningOf(Closer(facts)) == ReasonMeaning.Idle;

    /// <summary>
    /// Returns the timers that a silence is compared with. A keep-alive timer runs only after an answer: not before the first request, nor while a
    /// request waits for its answer. Heartbeats are no requests.
    /// </summary>
    private static TimerMode ModeOf(CloseFacts facts, bool isReset, bool oneSided = false) => isReset ? TimerMode.Reset
        : facts.Connection.Close.Turns > 1 && (oneSided || facts.Connection.Close.LastTurnSenderBeforeMessage != facts.Client) ? TimerMode.KeepAlive
        : TimerMode.Fin;

    /// <summary>Names the timer: the stated one, or else those of the table.</summary>
    private static string Source(CloseFacts facts, double idle, bool reset, bool oneSided)
    {
        int closer = Closer(facts);
        if (IsStated(facts))
            return ""; // the reason is in a sentence of its own; a product with an equal default is not more exact
        StatedReason stated = facts.IdleLimitOf(closer);
        return IsAnnounced(facts)
            ? $"; its last response had stated its idle limit (Keep-Alive: timeout={stated.Reason.IdleLimit}, frame {facts.FrameOf(stated)})"
            : facts.Timers.Describe(idle, closer == facts.Client, ModeOf(facts, reset, oneSided));
    }

    /// <summary>
    /// Returns whether the side that closed may have waited for a time-out that no table has: it was silent for long, and nothing shows another
    /// reason for the close.
    /// </summary>
    public static bool MayBe(CloseFacts facts) =>
        facts.Silence >= ShortestAlone(facts) && facts.ClosedBy is ClosedBy.Client or ClosedBy.Server && !WasNotUsed(facts) && facts.MeaningOf(Closer(facts)) == ReasonMeaning.Neutral
        && facts.Connection.ClosedTogether == 0 && facts.Neighbors is not ({ SameAge: > 0 } or { SameSecond: > 0 });

    /// <summary>Returns why a close after a silence may be a time-out that no table has.</summary>
    public static string WhyUnknown(CloseFacts facts) => CloserSentLast(facts) && !HasAnswered(facts)
        ? "the side that closed may have waited for an answer until its own time-out: its last payload got none"
        : "the silence before the FIN may be a time-out that is not in the table; a file of your own timers can name it";

    /// <summary>Returns whether the side that closed is the server, and its last payload is an answer. It then waited for a request.</summary>
    private static bool HasAnswered(CloseFacts facts) => facts.ClosedBy == ClosedBy.Server && facts.Connection.Close.Turns > 1;

    /// <summary>Returns whether the side that closed also sent the last payload. It may then have waited for an answer.</summary>
    public static bool CloserSentLast(CloseFacts facts) => facts.AnyPayload && facts.Connection.Close.LastTurnSenderBeforeMessage == Closer(facts);

    /// <summary>
    /// Returns the shortest silence, in seconds, that alone indicates a time-out. Clients pause for longer than servers; servers rarely close by
    /// themselves except after a time-out.
    /// </summary>
    private static double ShortestAlone(CloseFacts facts) => facts.ClosedBy == ClosedBy.Server ? Shortest : CloserSentLast(facts) ? ShortestWait : ShortestHabit;

    /// <summary>Judges the silence of one side. Heartbeats of the other side do not count, because this side sent nothing.</summary>
    private static Confidence? JudgeOneSided(CloseFacts facts, bool byClient, bool eagerReset)
    {
        double idle = facts.OneSided.Seconds;
        if (idle < ShortestHabit || facts.Neighbors is { SameAge: > 0 } or { SameSecond: > 0 })
            return null;
        bool isKnown = facts.Timers.Knows(idle, byClient, ModeOf(facts, eagerReset, oneSided: true));
        return (isKnown, IsRound(idle)) switch
        {
            (true, true) => Confidence.Medium,
            (true, false) => Confidence.Low,
            (false, true) when eagerReset => Confidence.Low,
            _ => null,
        };
    }

    /// <summary>
    /// Judges with the help of earlier connections. Repeated silences of equal length indicate a time-out, even if no table has it. Equal ages after
    /// different silences do not, and a host that closed all its connections in one moment does not either.
    /// </summary>
    private static Confidence? Weigh(Confidence? alone, CloseNeighbors neighbors, double idle, bool surest)
    {
        if (neighbors.SameAge > 0)
            return null;
        if (neighbors.SameSecond > 0)
            return alone is null ? null : Confidence.Low;
        bool isHabit = idle >= ShortestHabit && neighbors is { SameSilence: >= CloseNeighbors.FewestEqual, LongerSilenceOutlived: false };
        if (!isHabit)
            return alone;
        // A client's silence may be as long as the client's own pauses.
        return surest && neighbors.AgesDiffer ? Confidence.High : Confidence.Medium;
    }

    public override Utf8Message Explain(CloseFacts facts)
    {
        int closer = Closer(facts);
        bool oneSided = !IsAnnounced(facts) && IsOneSided(facts);
        double idle = oneSided ? facts.OneSided.Seconds : facts.Silence;
        bool reset = facts.FinFrame(closer) == 0;
        string what = reset ? $"reset the connection (frame {facts.Frame(facts.ResetAt)})" : $"closed (FIN, frame {facts.FinFrame(closer)})";
        string silence = IsSilenceUnknown(facts) ? "; the capture begins after the silence" : $" after {Words.Seconds(idle)} without payload";
        Utf8Message text = $"{facts.NameFirst(closer)} {what}{silence}{(oneSided ? $" from {facts.Name(facts.OneSided.End)}; the heartbeats of {facts.Name(1 - facts.OneSided.End)} continued ({facts.OneSided.Heartbeats})" : "")}{Source(facts, idle, reset, oneSided)}.";
        LogPlace data = facts.DataRefusedAfterFin(1 - closer);
        if (!data.Exists || facts.State != CloseState.Reset || !facts.ResetAt.Exists || facts.ResetSender != closer)
            return $"{text}{(reset ? ResetWords.LostRequest(facts) : "")}{Unseen(facts, 1 - closer)}";
        return $"{text} {facts.NameFirst(1 - closer)} wrote anyway (frame {facts.Frame(data)}) and got a RST (frame {facts.Frame(facts.ResetAt)}).{facts.BrokenPipe(1 - closer)}";
    }

    private static string Unseen(CloseFacts facts, int end) =>
        facts.IsUnseen(end) ? $" The packets of {facts.Name(end)} were not captured: it may have sent payload in that time." : "";

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts)
    {
        LogPlace fin = facts.Find(ObservationKind.Fin, Closer(facts));
        return [new(fin.Exists ? fin : facts.ResetAt, "closed after the silence")];
    }

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        if ((IsStated(facts) || IsAnnounced(facts)) && facts.FinFrame(Closer(facts)) != 0)
            yield break; // the side itself gave the reason
        if (Judge(facts) is Confidence.High and var sure && CauseCatalog.Cap(sure, facts) == Confidence.High)
            yield break; // earlier connections of different ages ended after the same silence, and so not by chance
        if (facts.DataAfterFin(1 - Closer(facts)).Exists)
            yield return (Cause.WriteAfterPeerClose, "the other side wrote after the close, which may have had another reason");
        else if (facts.State == CloseState.Reset)
        {
            if (facts.Count(ObservationKind.KeepAlive, facts.ResetSender) > 0)
                yield return (Cause.KeepAliveTimeout, "it had sent probes before; the answers may not have reached it");
            foreach ((Cause Cause, string Why) alternative in ResetWords.NoSocket(facts).Concat(ResetWords.Unasked(facts)))
                yield return alternative;
            yield return facts.ResetLeavesUnanswered
                ? (Cause.UnreadDataDiscarded, $"{facts.Name(facts.ResetReceiver)}'s last payload was not answered: the program may have closed without having read it")
                : (Cause.AbortiveClose, "the program may have closed for another reason");
        }
        else
            yield return (facts.State == CloseState.HalfClosed ? Cause.HalfClose : Cause.NormalClose, "the program may have finished its work after that time by chance");
    }

    /// <summary>
    /// Returns whether the server waited for a client that had connected and sent nothing. (A client that does not use its own connection and closes
    /// it is no time-out.)
    /// </summary>
    private static bool NobodySpoke(CloseFacts facts) => facts.HandshakeSeen && facts.ClosedBy == ClosedBy.Server;

    /// <summary>Returns whether the client connected, sent nothing, and closed.</summary>
    private static bool WasNotUsed(CloseFacts facts) => facts is { HandshakeSeen: true, AnyPayload: false, ClosedBy: ClosedBy.Client };

    /// <summary>Returns whether a time is a whole number of seconds or slightly more: time-outs are set in whole seconds, and fire a little late.</summary>
    private static bool IsRound(double seconds) => seconds - Math.Floor(seconds + 0.01) <= 0.1;

    private static int Closer(CloseFacts facts) => facts.ClosedBy == ClosedBy.Client ? facts.Client : 1 - facts.Client;
}
