using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// Retransmissions that nothing answers, at doubling intervals (RFC 6298); Linux sends nothing when it gives up.
/// </summary>
internal sealed class SilentDrop : CauseRule
{
    public override Cause Cause => Cause.SilentDrop;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.TimedOut];

    public override string Summary => "Retransmissions were not answered until the sender gave up: a firewall or a dead path drops them.";

    public override string Advice => "Capture on both sides to see where the packets end. On the sender TCP_USER_TIMEOUT bounds how long it takes (Linux: tcp_retries2, some fifteen minutes).";

    public override Confidence? Judge(CloseFacts facts) => facts.State == CloseState.TimedOut || facts.ResetWasIgnored ? Confidence.Medium : null;

    public override Prose Explain(CloseFacts facts)
    {
        if (facts.ResetWasIgnored)
            return $"{facts.NameFirst(facts.Victim)} went on repeating itself although a RST had come for it (frame {facts.Frame(facts.ResetAt)}): that RST is in the capture but did not reach the socket; a firewall on that host drops what comes in. Its next call gets ETIMEDOUT once the kernel has given up.";
        int alone = facts.Unanswered;
        int first = facts.Find(ObservationKind.Retransmission, alone);
        string from = first < 0 ? "" : $" (from frame {facts.Frame(first)})";
        return $"{facts.NameFirst(alone)} repeated itself {facts.Connection.Side(alone).Unanswered} times{from} and nothing came back: the path drops its packets, or the other host is gone. Its next call gets ETIMEDOUT once the kernel has given up; no packet says when.";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts)
    {
        if (facts.ResetWasIgnored)
            return [new(facts.ResetAt, "a RST that was not taken")];
        return [new(facts.Find(ObservationKind.Retransmission, facts.Unanswered), "repeated, and not answered")];
    }

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        if (facts.Connection.MaxGap >= 1_000_000_000)
            yield return (Cause.StateExpired, "a device on the path may have forgotten the connection during the silence before");
        yield return (Cause.PeerStateLost, "the other host may be down");
    }
}
