using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 9293, section 3.10.7.4, and RFC 5961, section 4.2: a SYN that meets an old connection draws an ACK with the old numbers;
/// the opener resets what it does not know, and its repeated SYN gets through.
/// </summary>
internal sealed class StalePortReuse : CauseRule
{
    public override Cause Cause => Cause.StalePortReuse;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Graceful, CloseState.Reset, CloseState.Open, CloseState.HalfClosed, CloseState.Unanswered];

    public override string Summary => "A new SYN met an old connection on the same ports: in TIME_WAIT, or half-open after one side had gone.";

    public override string Advice => "The old connection was never closed properly, or the client reuses ports within a minute: keep tcp_timestamps on, give the client more ports, close connections on both sides.";

    public override Confidence? Judge(CloseFacts facts)
    {
        int reset = MeetsOld(facts);
        return reset < 0 ? null : Confidence.High;
    }

    public override Prose Explain(CloseFacts facts)
    {
        int reset = MeetsOld(facts);
        return $"The SYN met an old connection on the same ports: {facts.Host(1 - facts.Client)} answered with an ACK of that one in place of a SYN-ACK, and {facts.Host(facts.Client)} reset it (frame {facts.Frame(reset)}). Who still used the old connection gets ECONNRESET.";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(MeetsOld(facts), "the old connection is reset")];

    /// <summary>The opener's bare RST that came before any SYN-ACK; -1 for none.</summary>
    private static int MeetsOld(CloseFacts facts)
    {
        if (facts.ResetAt < 0 || !facts.Connection.Side(facts.Client).Has(SideMarks.Syn) || !facts.Connection.Side(1 - facts.Client).Has(SideMarks.PureAck))
            return -1;
        int reset = facts.Find(ObservationKind.Rst, facts.Client);
        if (reset < 0 || (facts.Connection.Log.Get(reset).Flags & TcpFlags.Ack) != 0)
            return -1;
        int answer = facts.Find(ObservationKind.SynAck, 1 - facts.Client);
        bool isBeforeAnswer = answer < 0 || answer > reset;
        bool isUnknownToOpener = facts.Connection.Log.Get(reset).Sequence - facts.Connection.Side(facts.Client).BaseSequence > 1;
        return isBeforeAnswer && isUnknownToOpener ? reset : -1;
    }
}
