using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// The last rule: no other cause fits.
/// </summary>
internal sealed class UndeterminedRule : CauseRule
{
    public override Cause Cause => Cause.Undetermined;

    public override IReadOnlyList<CloseState> States { get; } = Enum.GetValues<CloseState>();

    public override string Summary => "The packets do not show the cause.";

    public override string Advice => "Capture both directions, on both hosts if possible, without a snapshot length, and start before the connection is made.";

    public override Confidence? Judge(CloseFacts facts) => Confidence.Low;

    public override string AdviceFor(CloseFacts facts) => StrayAnswer.IsReset(facts) ? StrayAnswer.Advice : Advice;

    public override Utf8Message Explain(CloseFacts facts) => facts.State switch
    {
        CloseState.Reset when StrayAnswer.IsReset(facts) => StrayAnswer.ExplainReset(facts),
        CloseState.Evicted => "This connection was dropped from memory, because there were more than -MaxConnections: its end was not analyzed.",
        CloseState.HalfClosed when facts.FinFrame(0) != 0 && facts.FinFrame(1) != 0 =>
            $"Both sides closed (FIN, frames {Math.Min(facts.FinFrame(0), facts.FinFrame(1))} and {Math.Max(facts.FinFrame(0), facts.FinFrame(1))}), but {Missing(facts)} until the end of the capture.",
        _ => "The capture does not show enough of this connection to determine why it ended.",
    };

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => StrayAnswer.IsReset(facts)
        ? [new(facts.Find(Connections.ObservationKind.SynAck, 1 - facts.Client), "answers a SYN that went to another address"), new(facts.ResetAt, "the client has no such connection")]
        : [];

    private static string Missing(CloseFacts facts)
    {
        for (int end = 0; end < 2; end++)
        {
            if (facts.Unacked(end) > 0)
                return $"{Words.BytesWere(facts.Unacked(end), $" of {facts.Name(end)}")} not acknowledged";
        }

        return "no FIN was acknowledged";
    }
}
