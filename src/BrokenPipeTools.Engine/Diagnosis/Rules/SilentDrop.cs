using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// Retransmissions that nothing answers, at doubling intervals (RFC 6298); Linux sends nothing when it gives up.
/// </summary>
internal sealed class SilentDrop : CauseRule
{
    public override Cause Cause => Cause.SilentDrop;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.TimedOut, CloseState.Open, CloseState.HalfClosed];

    public override string Summary => "Retransmissions were not answered until the sender gave up: a firewall or a dead path drops them.";

    public override string Advice => "Capture on both sides to see where the packets end. On the sender TCP_USER_TIMEOUT bounds how long it takes (Linux: tcp_retries2, some fifteen minutes).";

    public override Confidence? Judge(CloseFacts facts) => facts.State switch
    {
        CloseState.TimedOut => Confidence.Medium,
        CloseState.Reset => facts.ResetWasIgnored || facts.ResetterHadGivenUp ? Confidence.Medium : null,
        _ => Alone(facts) >= 0 ? Confidence.Medium : null,
    };

    public override Prose Explain(CloseFacts facts)
    {
        if (facts.ResetWasIgnored)
            return $"{facts.NameFirst(facts.Victim)} went on repeating itself although a RST had come for it (frame {facts.Frame(facts.ResetAt)}): that RST is in the capture but did not reach the socket; a firewall on that host drops what comes in. Its next call gets ETIMEDOUT once the kernel has given up.";
        if (facts.ResetterHadGivenUp)
            return $"{facts.NameFirst(facts.Resetter)} repeated itself in vain (from frame {facts.Frame(facts.Find(ObservationKind.Retransmission, facts.Resetter))}) until its kernel gave up, which no packet shows; what {facts.Name(facts.Victim)} sent later met no socket any more and drew a RST (frame {facts.Frame(facts.ResetAt)}). {(facts.SentFinBefore(facts.Resetter) ? "" : $"{facts.NameFirst(facts.Resetter)} gets ETIMEDOUT. ")}{facts.NameFirst(facts.Victim)} gets ECONNRESET.";
        if (facts.State != CloseState.TimedOut)
            return ExplainOneWay(facts, Alone(facts));
        int alone = facts.Unanswered;
        int first = facts.Find(ObservationKind.Retransmission, alone);
        string from = first < 0 ? "" : $" (from frame {facts.Frame(first)})";
        return $"{facts.NameFirst(alone)} repeated itself {facts.Connection.Side(alone).Unanswered} times{from} and nothing came back: the path drops its packets, or the other host is gone. Its next call gets ETIMEDOUT once the kernel has given up; no packet says when.";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts)
    {
        if (facts.ResetWasIgnored)
            return [new(facts.ResetAt, "a RST that was not taken")];
        if (facts.ResetterHadGivenUp)
            return [new(facts.Find(ObservationKind.Retransmission, facts.Resetter), "repeated, and not answered"), new(facts.ResetAt, "no socket any more")];
        int alone = facts.State == CloseState.TimedOut ? facts.Unanswered : Alone(facts);
        return [new(facts.Find(ObservationKind.Retransmission, alone), "repeated, and not answered")];
    }

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        if (facts.Connection.MaxGap >= 1_000_000_000)
            yield return (Cause.StateExpired, "a device on the path may have forgotten the connection during the silence before");
        if (ServerSentOnlySynAck(facts))
            yield return (Cause.AcceptQueueOverflow, "with SYN cookies in force, a server whose listen queue is full completes the handshake and drops what follows");
        yield return (Cause.PeerStateLost, facts.ResetterHadGivenUp ? "its host may have been restarted meanwhile" : "the other host may be down");
    }

    /// <summary>The end that repeats itself in vain although the other is heard; -1 for none.</summary>
    private static int Alone(CloseFacts facts)
    {
        for (int end = 0; end < 2; end++)
        {
            if (Hearing.Unheard(facts.Connection, end) >= SocketView.RepeatsUntilGivenUp)
                return end;
        }

        return -1;
    }

    private static string ExplainOneWay(CloseFacts facts, int alone)
    {
        string repeats = $"{facts.NameFirst(alone)} went on repeating itself (from frame {facts.Frame(facts.Find(ObservationKind.Retransmission, alone))})";
        if (Hearing.RepeatsOfAcknowledged(facts.Connection, alone) >= SocketView.RepeatsUntilGivenUp)
            return $"{repeats}, and {facts.Name(1 - alone)} acknowledged it each time: the acknowledgments do not reach it, the path drops what comes back. Its next call gets ETIMEDOUT once the kernel has given up, although the other side has its data.";
        string why = Hearing.DeafSince(facts.Connection, alone) != long.MaxValue
            ? $"and took no notice of what came from {facts.Name(1 - alone)}: that is in the capture but did not reach the socket; a firewall on that host, or the path behind the capture, drops what comes in"
            : $"and {facts.Name(1 - alone)}, which is heard, never acknowledged it: the path drops packets in that direction";
        return $"{repeats}, {why}. Its next call gets ETIMEDOUT once the kernel has given up; no packet says when.";
    }

    private static bool ServerSentOnlySynAck(CloseFacts facts)
    {
        const SideMarks Others = SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin | SideMarks.Rst;
        return facts.HandshakeSeen && facts.Unanswered == facts.Client && !facts.Connection.Side(1 - facts.Client).Has(Others);
    }
}
