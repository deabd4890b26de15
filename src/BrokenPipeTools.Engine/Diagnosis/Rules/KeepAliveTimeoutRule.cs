using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 9293, section 3.8.4; tcp_keepalive_timer() of net/ipv4/tcp_timer.c: the probes of one side are not answered. They are one interval apart, and
/// one interval after the last probe the same side sends a RST.
/// </summary>
internal sealed class KeepAliveTimeoutRule : CauseRule
{
    public override Cause Cause => Cause.KeepAliveTimeout;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.TimedOut];

    public override string Summary => "Keepalive probes were not answered, and their sender gave up the connection.";

    public override string Advice => "The path or the peer is down: check both. The kernel gave up after tcp_keepalive_probes probes, tcp_keepalive_intvl seconds apart (TCP_KEEPCNT, TCP_KEEPINTVL).";

    public override Confidence? Judge(CloseFacts facts)
    {
        if (facts.State == CloseState.Reset)
            return facts.KeepAliveRun < KeepAliveProbes.Fewest ? null : CameLate(facts) ? Confidence.Medium : Confidence.High;
        return StillProbing(facts) >= 0 ? Confidence.Medium : null;
    }

    public override Utf8Message Explain(CloseFacts facts)
    {
        bool isReset = facts.State == CloseState.Reset;
        int prober = isReset ? facts.ResetSender : StillProbing(facts);
        int probes = isReset ? facts.KeepAliveRun : facts.Count(ObservationKind.KeepAlive, prober);
        if (isReset && facts.IsUnseen(1 - prober))
            return $"{facts.NameFirst(prober)} sent {probes} keepalive probes (from frame {facts.Frame(First(facts))}) and gave up with a RST (frame {facts.Frame(facts.ResetAt)}) one interval later; the packets of {facts.Name(1 - prober)} were not captured.{facts.NextCall(prober)}";
        string end = isReset ? $", and it gave up with a RST (frame {facts.Frame(facts.ResetAt)})" : "";
        return $"{facts.NameFirst(prober)}'s last {probes} keepalive probes (from frame {facts.Frame(First(facts))}) were not answered{end}.{(isReset ? facts.NextCall(prober) : facts.NextCallWhenGivenUp(prober))}{Unnoticed(facts)}";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts)
    {
        yield return new(First(facts), "keepalive probes without an answer");
        if (facts.State == CloseState.Reset)
            yield return new(facts.ResetAt, "the sender of the probes gives up");
    }

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => facts.State == CloseState.Reset && CameLate(facts)
        ? [(Cause.AbortiveClose, "payload of the other side had arrived before the RST: the program may have ended the connection for another reason")]
        : [];

    /// <summary>Describes the other side, for the case that the path drops the RST as it dropped the probes.</summary>
    private static string Unnoticed(CloseFacts facts) => facts.State == CloseState.Reset && SocketView.MayMissReset(facts.Connection, facts.ResetReceiver)
        ? $" If the path drops everything, the RST did not reach {facts.Name(facts.ResetReceiver)} either, whose program then notices nothing until it sends."
        : "";

    /// <summary>Returns whether the other side sent payload between the last probe and the RST.</summary>
    private static bool CameLate(CloseFacts facts)
    {
        for (int i = facts.KeepAliveRunAt.Index; i >= 0 && i < facts.ResetAt.Index; i++)
        {
            if (facts.Connection.Log.Get(i).Sender == facts.ResetReceiver && facts.Connection.Log.Get(i).Length > 0)
                return true;
        }

        return false;
    }

    private static LogPlace First(CloseFacts facts) => facts.State == CloseState.Reset ? facts.KeepAliveRunAt : facts.Find(ObservationKind.KeepAlive, StillProbing(facts));

    /// <summary>Returns the end that probed until the end of the capture without an answer; -1 for none.</summary>
    private static int StillProbing(CloseFacts facts)
    {
        for (int end = 0; end < 2; end++)
        {
            ref readonly Side own = ref facts.Connection.Side(end);
            bool waits = own.Has(SideMarks.KeepAlivePending) && facts.Find(ObservationKind.KeepAlive, end).Exists && !facts.Connection.Side(1 - end).Has(SideMarks.ZeroWindow);
            if (waits && own.Unanswered >= SocketView.RepeatsUntilGivenUp && own.Retransmissions == 0)
                return end;
        }

        return -1;
    }
}
