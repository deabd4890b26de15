using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 9293, section 3.8.4; tcp_keepalive_timer() of net/ipv4/tcp_timer.c: probes without an answer, then a RST of the prober.
/// </summary>
internal sealed class KeepAliveTimeout : CauseRule
{
    public override Cause Cause => Cause.KeepAliveTimeout;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.TimedOut];

    public override string Summary => "Keepalive probes were not answered, and the prober gave the connection up.";

    public override string Advice => "The path or the peer is gone: look there. The kernel gave up after tcp_keepalive_probes probes, tcp_keepalive_intvl seconds apart (TCP_KEEPCNT, TCP_KEEPINTVL).";

    public override Confidence? Judge(CloseFacts facts)
    {
        int prober = Prober(facts);
        if (prober < 0)
            return null;
        return facts.State == CloseState.Reset ? Confidence.High : Confidence.Medium;
    }

    public override Prose Explain(CloseFacts facts)
    {
        int prober = Prober(facts);
        int probes = facts.Count(ObservationKind.KeepAlive, prober);
        string end = facts.State == CloseState.Reset ? $", and it gave up with a RST (frame {facts.Frame(facts.ResetAt)})" : "";
        return $"{facts.NameFirst(prober)}'s last {probes} keepalive probes (from frame {facts.Frame(facts.Find(ObservationKind.KeepAlive, prober))}) were not answered{end}. Its next call gets ETIMEDOUT.";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts)
    {
        yield return new(facts.Find(ObservationKind.KeepAlive, Prober(facts)), "keepalive probes without an answer");
        if (facts.State == CloseState.Reset)
            yield return new(facts.ResetAt, "the prober gives up");
    }

    /// <summary>The end that probed to the last and had no answer; -1 for none.</summary>
    private static int Prober(CloseFacts facts)
    {
        for (int end = 0; end < 2; end++)
        {
            ref readonly Side own = ref facts.Connection.Side(end);
            bool stillWaits = own.Has(SideMarks.KeepAlivePending) && facts.Find(ObservationKind.KeepAlive, end) >= 0 && !facts.Connection.Side(1 - end).Has(SideMarks.ZeroWindow);
            bool gaveUp = facts.State == CloseState.Reset && facts.Resetter == end && facts.Shape == ResetShape.Active;
            if (stillWaits && (gaveUp || (facts.State == CloseState.TimedOut && own.Unanswered >= SocketView.RepeatsUntilGivenUp && own.Retransmissions == 0)))
                return end;
        }

        return -1;
    }
}
