using BrokenPipeTools.Capture;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Diagnosis.Timers;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// Retransmissions at doubling intervals (RFC 6298) that nothing acknowledges. Linux sends nothing when it gives up; other stacks send
/// a RST with ACK.
/// </summary>
internal sealed class SilentDropRule : CauseRule
{
    public override Cause Cause => Cause.SilentDrop;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.TimedOut, CloseState.Open, CloseState.HalfClosed];

    public override string Summary => "Retransmissions were not acknowledged until the sender gave up: a firewall or a broken path drops them.";

    public override string Advice => "Capture on both sides to find where the packets are lost. On the sender, TCP_USER_TIMEOUT limits how long this takes (Linux: tcp_retries2, about 15 minutes).";

    public override string AdviceFor(CloseFacts facts) => IsSynAckLost(facts)
        ? "Capture on the client's host: if the SYN-ACK arrives there, the client's ACK is lost on the way to the server. If there are many of these from many addresses, it is a SYN flood (net.ipv4.tcp_syncookies; ss -n state syn-recv). The server drops each after tcp_synack_retries."
        : Advice;

    public override Confidence? Judge(CloseFacts facts) => facts.State switch
    {
        CloseState.TimedOut => Confidence.Medium,
        CloseState.Reset => facts.ResetWasIgnored || facts.ResetSenderHadGivenUp ? Confidence.Medium : null,
        _ => facts.GivenUp >= 0 ? Confidence.Medium : null,
    };

    public override Utf8Message Explain(CloseFacts facts)
    {
        if (facts.ResetWasIgnored && !facts.ResetSenderHadGivenUp)
            return $"{facts.NameFirst(facts.ResetReceiver)} continued to retransmit after a RST for it (frame {facts.Frame(facts.ResetAt)}): the RST was captured but did not reach the socket; a firewall on that host, or the path behind the capture, drops it.{facts.NextCallWhenGivenUp(facts.ResetReceiver)}";
        if (facts.ResetSenderHadGivenUp)
            return facts.ResetWasIgnored ? $"{ExplainReset(facts)} {facts.NameFirst(facts.ResetReceiver)} continued to retransmit: the RST did not reach its socket." : ExplainReset(facts);
        if (IsSynAckLost(facts))
            return $"{facts.NameFirst(1 - facts.Client)} sent its SYN-ACK {facts.Count(ObservationKind.Retransmission, 1 - facts.Client) + 1} times (from frame {facts.Frame(facts.Find(ObservationKind.SynAck, 1 - facts.Client))}), and {facts.Name(facts.Client)} acknowledged none: the SYN-ACK does not reach that host, its ACK does not come back, or the SYN had a forged source address. No program has this connection yet.";
        int end = facts.Unanswered;
        return $"{AfterClose(facts, end)}{ExplainSilence(facts, end)}";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts)
    {
        if (facts.ResetWasIgnored && !facts.ResetSenderHadGivenUp)
            return [new(facts.ResetAt, "a RST that was not accepted")];
        if (facts.ResetSenderHadGivenUp)
            return [new(facts.Find(ObservationKind.Retransmission, facts.ResetSender), "retransmitted, and not acknowledged"), new(facts.ResetAt, "the RST after giving up")];
        int end = facts.Unanswered;
        return [new(facts.Find(ObservationKind.Fin, 1 - end), "closed before"), new(facts.Find(ObservationKind.Retransmission, end), "retransmitted, and not acknowledged")];
    }

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        int end = facts.ResetSenderHadGivenUp ? facts.ResetSender : facts.Unanswered;
        if (end >= 0 && !facts.ResetAt.Exists && facts.Find(ObservationKind.Fin, 1 - end).Exists && facts.DataAfterFin(end).Exists)
            yield return (Cause.WriteAfterPeerClose, $"{facts.Name(1 - end)} had closed, and its host may be down since then");
        if (facts.SilenceBeforeRetransmissions is >= KnownTimers.Least and var silence)
            yield return (Cause.StateExpired, $"a device on the path may have dropped the connection from its table during the {Words.Seconds(silence)} of silence before");
        if (end >= 0 && LossPattern.Of(facts.Connection, end) is { IsBySize: true, Lost: >= PathMtuBlackHoleRule.Full } && !facts.Connection.Side(end).Has(SideMarks.RepeatedWithoutDf))
            yield return (Cause.PathMtuBlackHole, "all segments that arrived are smaller than the lost one");
        if (ServerSentOnlySynAck(facts))
            yield return (Cause.AcceptQueueOverflow, "if SYN cookies are in use, a server whose accept queue is full completes the handshake and drops the following packets");
        yield return (Cause.PeerStateLost, facts.ResetSenderHadGivenUp ? "the other host may have been restarted in the meantime" : "the other host may be down");
    }

    /// <summary>Describes a close of the other side before the silence.</summary>
    private static string AfterClose(CloseFacts facts, int end)
    {
        LogPlace fin = facts.Find(ObservationKind.Fin, 1 - end);
        if (!fin.Exists)
            return "";
        LogPlace data = facts.DataAfterFin(end);
        string first = $"{facts.NameFirst(1 - end)} had closed (FIN, frame {facts.Frame(fin)})";
        return data.Exists ? $"{first}{Words.Before(facts.Between(fin, data))} {facts.Name(end)} wrote again (frame {facts.Frame(data)}). " : $"{first}. ";
    }

    private static Utf8Message ExplainSilence(CloseFacts facts, int end)
    {
        LogPlace first = facts.Find(ObservationKind.Retransmission, end);
        if (!first.Exists)
            return $"{(facts.Find(ObservationKind.KeepAlive, end).Exists ? $"{facts.NameFirst(end)}'s keepalive probes were not answered" : $"The last segment of {facts.Name(end)} was not acknowledged")}.{facts.NextCallWhenGivenUp(end)}";
        string retransmitted = $"{facts.NameFirst(end)} retransmitted (from frame {facts.Frame(first)})";
        if (Delivery.RetransmissionsOfAcked(facts.Connection, end).IsBackoff)
            return $"{retransmitted}, and {facts.Name(1 - end)} acknowledged it each time: the other side has the data, but the path drops its acknowledgments.{facts.NextCallWhenGivenUp(end)}";
        if (Delivery.UndeliveredSince(facts.Connection, end) != long.MaxValue)
            return $"{retransmitted} and did not acknowledge the packets from {facts.Name(1 - end)}: they were captured but did not reach the socket; a firewall on that host, or the path behind the capture, drops them.{facts.NextCallWhenGivenUp(end)}";
        string heard = facts.CameFromPeerSince(first, end)
            ? $"and {facts.Name(1 - end)}, which still sends, never acknowledged it: the path drops packets from {facts.Name(end)}"
            : "and nothing came back: the path drops its packets, or the other host is down";
        return $"{retransmitted}, {heard}.{LossPattern.DescribeClass(facts.Connection, end)}{LossPattern.DescribeParity(facts.Connection, end)}{LackOfTimestamps(facts, end)}{facts.NextCallWhenGivenUp(end)}";
    }

    /// <summary>
    /// Describes segments without timestamps. Once both sides have agreed on timestamps, a segment without them is dropped silently (RFC 7323,
    /// section 3.2).
    /// </summary>
    private static string LackOfTimestamps(CloseFacts facts, int end) =>
        (facts.Connection.Lacks & FrameLacks.Options) == 0 && facts.Connection.Side(end).Has(SideMarks.LacksTimestamps) && facts.Connection.Side(1 - end).Has(SideMarks.Timestamps)
            ? " Some of its segments lack the timestamps that the handshake agreed on: the receiver may drop them for that reason (RFC 7323). A device on the path may have removed the option."
            : "";

    private static Utf8Message ExplainReset(CloseFacts facts)
    {
        int giver = facts.ResetSender;
        string retransmitted = $"{facts.NameFirst(giver)} retransmitted without being acknowledged (from frame {facts.Frame(facts.Find(ObservationKind.Retransmission, giver))})";
        string unseen = facts.IsUnseen(1 - giver) ? $" The packets of {facts.Name(1 - giver)} were not captured." : "";
        Utf8Message timedOut = facts.SentFinBefore(giver) ? (Utf8Message)$"{unseen}" : $"{unseen}{facts.NextCall(giver)}";
        return facts.Shape == ResetShape.Stateless
            ? (Utf8Message)$"{retransmitted} until its kernel gave up, for which no packet is sent; {facts.Name(facts.ResetReceiver)} sent a later packet, there was no socket any more, and it was answered with a RST (frame {facts.Frame(facts.ResetAt)}).{timedOut}"
            : $"{retransmitted} until its TCP gave up with a RST (frame {facts.Frame(facts.ResetAt)}).{timedOut}";
    }

    /// <summary>Returns whether the server repeated its SYN-ACK to the end, and the client acknowledged nothing.</summary>
    private static bool IsSynAckLost(CloseFacts facts) => !facts.ResetAt.Exists && HandshakeAnswer.IsLost(facts.Connection, facts.Client);

    private static bool ServerSentOnlySynAck(CloseFacts facts)
    {
        const SideMarks Others = SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin | SideMarks.Rst;
        return facts.HandshakeSeen && facts.Unanswered == facts.Client && !facts.Connection.Side(1 - facts.Client).Has(Others);
    }
}
