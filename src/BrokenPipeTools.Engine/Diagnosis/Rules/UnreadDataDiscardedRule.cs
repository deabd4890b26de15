using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 2525, section 2.17: if a program closes with unread data, its kernel sends a RST, so that the peer knows that its data were not read.
/// </summary>
internal sealed class UnreadDataDiscardedRule : CauseRule
{
    public override Cause Cause => Cause.UnreadDataDiscarded;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset];

    public override string Summary => "A side closed with unread data in its receive buffer, so its kernel sent RST in place of FIN.";

    public override string Advice => "Let that program read all data before it closes (shut down the sending direction, read to EOF, close), or find out why it ended early.";

    public override Confidence? Judge(CloseFacts facts)
    {
        if (facts.Shape != ResetShape.Active || facts.Connection.Side(facts.ResetReceiver).PayloadBytes == 0)
            return null;
        bool windowShut = facts.Connection.Side(facts.ResetSender).Has(SideMarks.ZeroWindow) || facts.Find(ObservationKind.ZeroWindow, facts.ResetSender).Exists;
        bool unanswered = facts.ResetLeavesUnanswered || DataAfterOwnFin(facts);
        return windowShut || unanswered ? Confidence.Medium : null;
    }

    public override Utf8Message Explain(CloseFacts facts) =>
        $"{ResetWords.Act(facts)} and had not answered the last payload of {facts.Name(facts.ResetReceiver)}: it closed or was killed with that payload unread.{ResetWords.LostRequest(facts)}{facts.NextCall(facts.ResetReceiver)}";

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(facts.ResetAt, "a RST from a live socket, with data unanswered")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) =>
        [
            .. ResetWords.NoSocket(facts),
            .. ResetWords.Unasked(facts),
            (Cause.AbortiveClose, "close with SO_LINGER 0, or a killed process, sends the same packet, even if all data had been read"),
            .. ResetWords.WaitedLong(facts),
        ];

    /// <summary>Returns whether the sender of the RST had shut down its sending side, and more data came after that.</summary>
    private static bool DataAfterOwnFin(CloseFacts facts) => facts.SentFinBefore(facts.ResetSender) && facts.DataAfterFin(facts.ResetReceiver).Exists;
}
