using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 2923, section 2.1: full-sized segments with DF are dropped and smaller ones arrive, because a link of the path has a smaller MTU. Either a
/// router reports it (RFC 1191, RFC 8201) and the sender does not make its segments smaller, or the report never arrives.
/// </summary>
internal sealed class PathMtuBlackHoleRule : CauseRule
{
    public override Cause Cause => Cause.PathMtuBlackHole;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.TimedOut, CloseState.Reset, CloseState.Open, CloseState.HalfClosed, CloseState.Graceful];

    public override string Summary => "Full-sized segments were lost and smaller ones arrived: a link on the path has a smaller MTU.";

    public override string Advice => "Let ICMP \"fragmentation needed\" and \"packet too big\" through, or clamp the MSS on the router before the smaller link (iptables -j TCPMSS --clamp-mss-to-pmtu). To confirm: ping -M do -s SIZE. On a Linux sender net.ipv4.tcp_mtu_probing=1 finds the size.";

    /// <summary>
    /// Bytes. Every IPv6 link carries packets of 1280 bytes (RFC 8200, section 5); this is the payload in them. Smaller payload fits nearly
    /// everywhere.
    /// </summary>
    public const int Full = 1_180;

    /// <summary>Retransmissions of one segment. With this number or more, its loss is not ordinary loss.</summary>
    private const int Enough = 3;

    /// <summary>Seconds. If a gap lasts this long, retransmissions after a time-out did not fill it either.</summary>
    private const double Lasting = 3;

    public override Confidence? Judge(CloseFacts facts)
    {
        int end = Sender(facts);
        if (end < 0)
            return null;
        if (LossPattern.Of(facts.Connection, end).Retransmissions < Enough)
            return facts.State == CloseState.Reset ? null : Confidence.Low; // the sender may still make its segments smaller
        if (facts.State == CloseState.Reset && !GaveUp(facts, end))
            return null;
        return IsReported(facts.Connection, end) && facts.State != CloseState.Graceful ? Confidence.High : Confidence.Medium;
    }

    public override Utf8Message Explain(CloseFacts facts)
    {
        Connection c = facts.Connection;
        int end = Sender(facts);
        LossPattern loss = LossPattern.Of(c, end);
        if (loss.Retransmissions == 0)
        {
            c.Side(end).Sent.TryGetFirstGap(out SequenceRange gap);
            return $"{gap.Count} bytes of {facts.Name(end)} never arrived and were never acknowledged; a smaller segment that was sent after them did arrive ({c.Side(end).Passage.Largest} bytes). Full-sized segments seem to be lost on the path.";
        }

        string passed = loss.IsBySize ? $"; the largest segment that arrived has {loss.Passed} bytes of payload" : "";
        string reported = IsReported(c, end) ? Report(facts, end) : "; no router reported why (ICMP may be filtered)";
        return $"{facts.NameFirst(end)} retransmitted one segment with {loss.Lost} bytes of payload {loss.Retransmissions} times (from frame {facts.Frame(loss.FirstAt)}), and it was never acknowledged{passed}{reported}.{End(facts, end)}";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts)
    {
        int end = Sender(facts);
        LogPlace report = IsReported(facts.Connection, end) ? FirstReport(facts, end) : LogPlace.None;
        if (report.Exists)
            yield return new(report, "the ICMP error: packet too big");
        if (LossPattern.Of(facts.Connection, end).FirstAt is { Exists: true } at)
            yield return new(at, "retransmitted at full size, and not acknowledged");
        if (facts.State == CloseState.Reset)
            yield return new(facts.ResetAt, "the RST after giving up");
    }

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => IsReported(facts.Connection, Sender(facts))
        ? []
        : [(Cause.SilentDrop, "the path may drop these segments for a reason other than their size")];

    /// <summary>Returns the end whose full-sized segments are lost; -1 for none.</summary>
    private static int Sender(CloseFacts facts)
    {
        for (int end = 0; end < 2; end++)
        {
            ref readonly Side own = ref facts.Connection.Side(end);
            if (own.Retransmissions == 0 && !own.Sent.HasGaps)
                continue; // the usual case
            LossPattern loss = LossPattern.Of(facts.Connection, end);
            bool isUnreported = loss is { Retransmissions: >= Enough, Lost: >= Full, SmallerArrived: true } && loss.IsBySize && !own.Has(SideMarks.RepeatedWithoutDf);
            if (IsReported(facts.Connection, end) || isUnreported || IsGapAtReceiver(facts, end))
                return end;
        }

        return -1;
    }

    /// <summary>Returns whether a router reported a segment as too big, and that segment was then sent again and never acknowledged.</summary>
    private static bool IsReported(Connection c, int end)
    {
        ref readonly Side peer = ref c.Side(1 - end);
        if (c.Icmp is not { TooBigCount: > 0 } icmp || icmp.TooBigSender != end || !peer.Has(SideMarks.HasAcknowledged) || !icmp.TooBigSequence.IsAtOrAfter(peer.Acknowledged))
            return false;
        LossPattern loss = LossPattern.Of(c, end);
        return loss.Retransmissions > 0 && c.Log.Get(loss.FirstAt).Frame + 1 > icmp.FirstTooBig;
    }

    /// <summary>Returns whether the sender itself reset the connection after retransmissions that were not acknowledged.</summary>
    private static bool GaveUp(CloseFacts facts, int end) => facts.ResetSenderHadGivenUp && facts.ResetSender == end;

    private static Utf8Message End(CloseFacts facts, int end) => facts.State == CloseState.Reset
        ? $" {facts.NameFirst(end)} gave up with a RST (frame {facts.Frame(facts.ResetAt)}).{facts.NextCall(end)}"
        : facts.NextCallWhenGivenUp(end);

    private static string Report(CloseFacts facts, int end)
    {
        IcmpReports icmp = facts.Connection.Icmp!;
        string times = icmp.TooBigCount > 1 ? $"; {icmp.TooBigCount} times" : "";
        string mtu = icmp.Mtu > 0 ? $" and an MTU of {icmp.Mtu}" : "";
        return $". {facts.Context.HostOf(icmp.TooBigFrom, facts.Connection.Key.IsIPv6)} reported \"packet too big\"{mtu}{times} (ICMP error, frame {facts.Connection.FirstFrame + icmp.FirstTooBig}), and {facts.Name(end)} did not make its segments smaller";
    }

    private static LogPlace FirstReport(CloseFacts facts, int end)
    {
        uint frame = facts.Connection.Icmp!.FirstTooBig;
        for (LogPlace at = facts.Find(ObservationKind.IcmpError, end); at.Exists; at = facts.Find(ObservationKind.IcmpError, end, after: at))
        {
            if (facts.Connection.Log.Get(at).Frame == frame)
                return at;
        }

        return LogPlace.None;
    }

    /// <summary>
    /// Judges a capture made at the receiver: payload of the size of full segments is missing, the receiver never acknowledged it, and a smaller
    /// segment that was sent after it arrived.
    /// </summary>
    private static bool IsGapAtReceiver(CloseFacts facts, int end)
    {
        ref readonly Side own = ref facts.Connection.Side(end);
        ref readonly Side peer = ref facts.Connection.Side(1 - end);
        return peer.Has(SideMarks.HasAcknowledged) && own.Sent.TryGetFirstGap(out SequenceRange gap) && gap.Start == peer.Acknowledged
            && gap.Count >= Full && own.Passage.Largest is > 0 and < Full && own.HasSack && own.Sack.Start.IsAtOrAfter(gap.End)
            && facts.Connection.MaxGap >= Lasting * Nanoseconds.PerSecond;
    }
}
