using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// A NAT, load balancer or firewall that has forgotten the flow after a silence: the first packet after it draws a RST that the
/// host did not send, or nothing at all.
/// </summary>
internal sealed class StateExpired : CauseRule
{
    public override Cause Cause => Cause.StateExpired;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.TimedOut];

    public override string Summary => "A NAT, load balancer or firewall forgot the flow during a silence; the first packet after it drew a RST, or nothing.";

    public override string Advice => "Send something before the device forgets: TCP keepalive with TCP_KEEPIDLE below its idle time-out, or a shorter idle limit in the client's connection pool.";

    /// <summary>A silence that no device could take for the end of a flow.</summary>
    private const double Noticeable = 1;

    /// <summary>Shorter idle time-outs than this are not the default of any device that keeps flows.</summary>
    private const double Telling = 30;

    public override Confidence? Judge(CloseFacts facts)
    {
        if (AnsweredWithReset(facts))
        {
            int signs = facts.SignsOfForgery.Count;
            return signs switch
            {
                >= 2 => Confidence.High,
                1 => Confidence.Medium,
                _ => facts.Idle >= Telling ? Confidence.Low : null,
            };
        }

        return IsSilent(facts) && SilenceBefore(facts) >= Telling ? Confidence.Medium : null;
    }

    public override Prose Explain(CloseFacts facts)
    {
        if (!AnsweredWithReset(facts))
            return $"After {Words.Seconds(SilenceBefore(facts))} of silence nothing that {facts.Name(facts.Unanswered)} sent was answered any more (from frame {facts.Frame(FirstRepeat(facts))}): something on the path had forgotten the connection.{facts.Timers.DescribeAtMost(SilenceBefore(facts), TimerMode.Silence)}";
        IReadOnlyList<Finding.Mark> signs = facts.SignsOfForgery;
        string why = signs.Count == 0 ? "" : $" It is not {facts.Name(facts.Resetter)}'s own: {string.Join("; ", signs.Select(sign => sign.Shows))}.";
        return $"The first packet after {Words.Seconds(facts.Idle)} of silence (frame {facts.Frame(facts.AnsweredAt)}) was answered with a RST (frame {facts.Frame(facts.ResetAt)}): something on the path had forgotten the connection.{why}{facts.Timers.DescribeAtMost(facts.Idle, TimerMode.ResetInReply)}";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts)
    {
        if (!AnsweredWithReset(facts))
            return [new(FirstRepeat(facts), "repeated, and not answered")];
        return [new(facts.AnsweredAt, "the first packet after the silence"), .. facts.SignsOfForgery, new(facts.ResetAt, "the RST that answers it")];
    }

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        if (!AnsweredWithReset(facts))
            return [(Cause.SilentDrop, "the path may have failed during the silence"), (Cause.PeerStateLost, "the peer's host may be down")];
        return facts.SignsOfForgery.Count == 0
            ? [(Cause.PeerStateLost, "a host that was restarted meanwhile answers the same way"), (Cause.MiddleboxReset, "a firewall's rule may have changed meanwhile")]
            : [(Cause.MiddleboxReset, "a firewall's rule may have changed meanwhile")];
    }

    /// <summary>
    /// A RST, no FIN before it, in answer to the first packet after a silence: a bare one, or one that is not the host's own.
    /// </summary>
    private static bool AnsweredWithReset(CloseFacts facts) =>
        facts.State == CloseState.Reset && facts.AnsweredAt >= 0 && facts.Idle >= Noticeable
        && (facts.Shape == ResetShape.Stateless || facts.SignsOfForgery.Count > 0) && facts.AnyPayload && !facts.SentFinBefore(facts.Resetter) && !facts.ResetWasIgnored && !facts.ResetterHadGivenUp;

    private static bool IsSilent(CloseFacts facts) => facts.State == CloseState.TimedOut && FirstRepeat(facts) >= 0;

    /// <summary>Where the last run of unanswered repeats begins; -1 for none.</summary>
    private static int FirstRepeat(CloseFacts facts)
    {
        int end = facts.Unanswered;
        int first = -1;
        for (int i = facts.Connection.Log.Kept - 1; i >= 0; i--)
        {
            ref readonly Observation o = ref facts.Connection.Log.Get(i);
            if (o.Kind == ObservationKind.IcmpError)
                continue;
            if (o.Sender != end || o.Kind is not (ObservationKind.Retransmission or ObservationKind.KeepAlive))
                break;
            first = i;
        }

        return first;
    }

    /// <summary>The longest silence lies before the repeats: those are seconds apart at first, and the doubling is known.</summary>
    private static double SilenceBefore(CloseFacts facts)
    {
        int first = FirstRepeat(facts);
        double longestRepeat = 0;
        for (int i = first + 1; i < facts.Connection.Log.Kept; i++)
            longestRepeat = Math.Max(longestRepeat, facts.Between(i - 1, i));
        double longest = facts.Connection.MaxGap / 1e9;
        return longest > longestRepeat * 1.5 ? longest : 0;
    }
}
