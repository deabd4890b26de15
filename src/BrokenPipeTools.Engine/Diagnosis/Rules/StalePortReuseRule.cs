using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 9293, section 3.10.7.4, and RFC 5961, section 4.2: a SYN that reaches an old connection is answered with an ACK that has the old numbers. The
/// opener answers this unknown segment with a RST, and its retransmitted SYN is accepted.
/// </summary>
internal sealed class StalePortReuseRule : CauseRule
{
    public override Cause Cause => Cause.StalePortReuse;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Graceful, CloseState.Reset, CloseState.Open, CloseState.HalfClosed, CloseState.Unanswered];

    public override string Summary => "A new SYN arrived at an old connection with the same ports: in TIME_WAIT, or half-open after one side had lost it.";

    public override string Advice => "The old connection was not closed by both sides, or the client reuses ports within a minute: keep net.ipv4.tcp_timestamps on, give the client more ports, and close connections on both sides.";

    public override Confidence? Judge(CloseFacts facts) => FindAnswer(facts) switch
    {
        { Exists: false } => null,
        var answer when facts.Connection.Log.Get(answer).Kind == ObservationKind.SynAck || IsLost(facts) => Confidence.Medium,
        _ => Confidence.High,
    };

    public override Utf8Message Explain(CloseFacts facts)
    {
        LogPlace answer = FindAnswer(facts);
        string what = facts.Connection.Log.Get(answer).Kind == ObservationKind.SynAck ? $"a SYN-ACK (frame {facts.Frame(answer)}) for another SYN" : $"an ACK of the old connection (frame {facts.Frame(answer)}) in place of a SYN-ACK";
        return $"The SYN arrived at an old connection with the same ports: {facts.Host(1 - facts.Client)} answered with {what}, and {facts.Host(facts.Client)} reset it (frame {facts.Frame(FirstReset(facts))}). {End(facts)}";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) =>
        [new(FindAnswer(facts), $"acknowledges what {facts.Name(facts.Client)} has not sent"), new(FirstReset(facts), IsLost(facts) ? "a RST for the old connection" : "the old connection is reset")];

    private static bool IsLost(CloseFacts facts) => facts.Connection.Side(facts.Client).Has(SideMarks.RstLost);

    private static string End(CloseFacts facts) => IsLost(facts)
        ? $"The RST did not arrive: the next SYN got the same answer. A device between the two hosts drops the RST, and {facts.Name(facts.Client)} cannot connect from this port."
        : $"A program that still uses the old connection gets ECONNRESET.{NewConnection(facts)}";

    /// <summary>Describes the new connection, if a later SYN was accepted: how it ended is not the matter of this cause.</summary>
    private static string NewConnection(CloseFacts facts)
    {
        LogPlace accepted = facts.Find(ObservationKind.SynAck, 1 - facts.Client, after: FirstReset(facts));
        if (!accepted.Exists || !HandshakeAnswer.IsAcceptable(facts.Connection, facts.Connection.Log.Get(accepted)))
            return "";
        int closer = facts.ClosedBy switch { ClosedBy.Client => facts.Client, ClosedBy.Server => 1 - facts.Client, _ => -1 };
        string end = closer >= 0 && facts.Find(ObservationKind.Fin, closer) is { Exists: true } fin ? $", and {facts.Name(closer)} closed the new connection later (FIN, frame {facts.Frame(fin)})" : "";
        return $" A later SYN was accepted (SYN-ACK, frame {facts.Frame(accepted)}){end}.";
    }

    private static LogPlace FirstReset(CloseFacts facts) => facts.Find(ObservationKind.Rst, facts.Client);

    /// <summary>
    /// Returns the place of the segment of an old connection that the opener's first bare RST answers. The RST's sequence number is the
    /// number that the segment acknowledged (RFC 9293, section 3.10.7.3), and the opener never sent that number.
    /// </summary>
    private static LogPlace FindAnswer(CloseFacts facts)
    {
        ref readonly Side opener = ref facts.Connection.Side(facts.Client);
        LogPlace reset = facts.ResetAt.Exists && opener.Has(SideMarks.Syn) && opener.Sent.IsKnown ? FirstReset(facts) : LogPlace.None;
        if (!reset.Exists || (facts.Connection.Log.Get(reset).Flags & TcpFlags.Ack) != 0)
            return LogPlace.None;
        SequenceNumber sequence = facts.Connection.Log.Get(reset).Sequence;
        if (sequence.CountFrom(opener.Sent.First) <= opener.Sent.Next.CountFrom(opener.Sent.First))
            return LogPlace.None;
        bool isFar = sequence.CountFrom(opener.Sent.First) > HandshakeAnswer.Reachable;
        for (int i = 0; i < reset.Index; i++)
        {
            ref readonly Observation o = ref facts.Connection.Log.Get(i);
            if (o.Sender == facts.Client || o.IsIcmp || (o.Flags & (TcpFlags.Ack | TcpFlags.Rst)) != TcpFlags.Ack || o.Length > 0)
                continue;
            if (o.Kind == ObservationKind.SynAck && HandshakeAnswer.IsAcceptable(facts.Connection, o))
                return LogPlace.None;
            if (o.Acknowledgment == sequence && (isFar || o.Kind == ObservationKind.SynAck || HandshakeAnswer.StillConnects(facts.Connection, reset)))
                return new LogPlace(i);
        }

        return LogPlace.None;
    }
}
