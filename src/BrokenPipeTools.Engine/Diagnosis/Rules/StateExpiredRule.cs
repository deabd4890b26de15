using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Diagnosis.Timers;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// A NAT, load balancer or firewall has dropped the idle connection from its table: the first packet after the silence is answered with a RST that
/// the host did not send, or not at all.
/// </summary>
internal sealed class StateExpiredRule : CauseRule
{
    public override Cause Cause => Cause.StateExpired;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.TimedOut];

    public override string Summary => "A NAT, load balancer or firewall dropped the idle connection from its table; the next packet was answered with a RST, or not at all.";

    public override string Advice => "Use TCP keepalive with TCP_KEEPIDLE below the idle time-out of that device, or set a shorter idle limit in the client's connection pool.";

    public override string AdviceFor(CloseFacts facts) => Advice + OwnKeepAlive.Of(facts);

    /// <summary>Seconds. A shorter pause is not a silence.</summary>
    public const double Shortest = 1;

    /// <summary>Seconds. Shorter pauses are normal for a program; no device drops a connection because of them.</summary>
    private const double Noticeable = 5;

    /// <summary>Seconds. No device that tracks connections has a shorter idle time-out by default.</summary>
    public const double ShortestDeviceTimeout = 30;

    public override Confidence? Judge(CloseFacts facts)
    {
        if (AnsweredWithReset(facts))
        {
            return facts.SignsOfForgery.Count switch
            {
                0 => facts.Idle >= ShortestDeviceTimeout ? Confidence.Low : null,
                _ => facts.StrongSigns switch { > 1 => Confidence.High, 1 => Confidence.Medium, _ => Confidence.Low },
            };
        }

        return facts.State == CloseState.TimedOut && facts.SilenceBeforeRetransmissions >= ShortestDeviceTimeout ? Confidence.Medium : null;
    }

    public override Utf8Message Explain(CloseFacts facts)
    {
        if (!AnsweredWithReset(facts))
            return ExplainSilence(facts);
        IReadOnlyList<Finding.Mark> signs = facts.SignsOfForgery;
        string why = signs.Count == 0 ? "" : $" The RST {(facts.StrongSigns == 0 ? "may not have been" : "was not")} sent by {facts.Host(facts.ResetSender)}: {string.Join("; ", signs.Select(sign => sign.Shows))}.";
        return $"The first packet after {Words.Seconds(facts.Idle)} of silence ({(facts.Connection.Log.Get(facts.AnsweredAt).Kind == ObservationKind.Fin ? "FIN, " : "")}frame {facts.Frame(facts.AnsweredAt)}) was answered with a RST (frame {facts.Frame(facts.ResetAt)}): a device on the path had dropped the connection from its table.{why}{facts.Timers.DescribeAtMost(facts.Idle, TimerMode.ResetInReply)}";
    }

    private static Utf8Message ExplainSilence(CloseFacts facts)
    {
        double silence = facts.SilenceBeforeRetransmissions;
        LogPlace fin = facts.Find(ObservationKind.Fin, 1 - facts.Unanswered);
        string before = fin.Exists ? $"{facts.NameFirst(1 - facts.Unanswered)} had closed (FIN, frame {facts.Frame(fin)}). " : "";
        string timers = facts.Timers.DescribeAtMost(silence, fin.Exists ? TimerMode.HalfClosed : TimerMode.Silence);
        return $"{before}After {Words.Seconds(silence)} of silence no segment of {facts.Name(facts.Unanswered)} was acknowledged any more (retransmitted from frame {facts.Frame(facts.FirstOfLastRetransmissions)}): a device on the path had dropped the connection from its table.{timers}";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts)
    {
        if (!AnsweredWithReset(facts))
            return [new(facts.FirstOfLastRetransmissions, "retransmitted, and not acknowledged")];
        return [new(facts.AnsweredAt, "the first packet after the silence"), .. facts.SignsOfForgery, new(facts.ResetAt, "the RST that answers it")];
    }

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        if (!AnsweredWithReset(facts))
            return [(Cause.SilentDrop, "the path may have failed during the silence"), (Cause.PeerStateLost, "the peer's host may be down")];
        return facts.SignsOfForgery.Count == 0
            ? [(Cause.PeerStateLost, "a host that was restarted in the meantime sends the same RST"), (Cause.MiddleboxReset, "a firewall rule may have changed in the meantime")]
            : [(Cause.MiddleboxReset, "a firewall rule may have changed in the meantime")];
    }

    /// <summary>
    /// Returns whether a RST answers the first packet after a silence, without a FIN before it. The RST is bare, or the host with its source address
    /// did not send it.
    /// </summary>
    private static bool AnsweredWithReset(CloseFacts facts) =>
        facts.State == CloseState.Reset && facts.AnsweredAt.Exists && facts.Idle >= Noticeable && !facts.SilenceWasSurvived && !facts.ServerNeverSpoke
        && (facts.Shape == ResetShape.Stateless || facts.SignsOfForgery.Count > 0) && facts.AnyPayload && !facts.SentFinBefore(facts.ResetSender) && !facts.ResetWasIgnored && !facts.ResetSenderHadGivenUp;
}
