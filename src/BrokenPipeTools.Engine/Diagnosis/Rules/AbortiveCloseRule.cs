using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Reasons;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// A live socket sent a RST: SO_LINGER 0, a killed process, ss -K, or a listener that was closed while the connection was in its queue.
/// </summary>
internal sealed class AbortiveCloseRule : CauseRule
{
    public override Cause Cause => Cause.AbortiveClose;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset];

    public override string Summary => "A live socket was aborted: SO_LINGER 0, a killed process, ss -K.";

    public override string Advice => "Look for SO_LINGER with 0 seconds in that program, or for a crash, a restart or an operator at that time. Its peers get ECONNRESET.";

    /// <summary>
    /// A side that still waits for the answer to its SYN has no connection to abort. A RST without ACK may come from a device, too, and a RST alone
    /// does not show what it answers.
    /// </summary>
    public override Confidence? Judge(CloseFacts facts) => facts.Connection.Side(facts.ResetSender).IsInSynSent ? null
        : facts.Shape == ResetShape.Stateless || facts.IsOnlyResets ? Confidence.Low : Confidence.Medium;

    /// <summary>If it is not certain that the RST comes from a program's socket, neither is what the program's next call returns.</summary>
    public override int EndWithoutSocket(CloseFacts facts) => facts.Shape == ResetShape.Stateless && !facts.SentFinBefore(0) && !facts.SentFinBefore(1) ? facts.ResetSender : -1;

    public override Utf8Message Explain(CloseFacts facts) => facts.MeaningOf(facts.ResetSender) != ReasonMeaning.Neutral
        ? (Utf8Message)$"{ResetWords.Act(facts)} after it had sent its reason.{facts.NextCall(facts.ResetReceiver)}"
        : $"{ResetWords.Act(facts)}{Words.AfterSilence(facts.Idle >= 1 && !facts.IsUnseen(facts.ResetReceiver) && !facts.SentFinBefore(0) && !facts.SentFinBefore(1) ? facts.Idle : 0)}{Outstanding(facts)}: {Reason(facts)}.{Unseen(facts)}{facts.NextCall(facts.ResetReceiver)}";

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(facts.ResetAt, facts.Shape == ResetShape.ToSyn ? "a RST with ACK" : "a RST from a live socket")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        if (facts.Shape == ResetShape.ToSyn && facts.IsUnseen(facts.ResetReceiver))
            yield return (Cause.ConnectionRefused, "a RST with ACK also answers a SYN, which may not have been captured");
        foreach ((Cause Cause, string Why) alternative in ResetWords.NoSocket(facts).Concat(ResetWords.Unasked(facts)))
            yield return alternative;
        if (facts.IsUnseen(facts.ResetReceiver))
            yield return (Cause.UnreadDataDiscarded, $"{facts.Name(facts.ResetReceiver)}'s packets were not captured: the reset side may not have read all of its payload");
        else if (facts.Connection.Side(facts.ResetReceiver).PayloadBytes > 0)
            yield return (Cause.UnreadDataDiscarded, $"the reset side may not have read all payload of {facts.Name(facts.ResetReceiver)}");
        foreach ((Cause Cause, string Why) alternative in ResetWords.WaitedLong(facts))
            yield return alternative;
    }

    /// <summary>Returns the reason for an alternative: if it is not certain that the side had a socket, its RST may also be an answer.</summary>
    private static string Reason(CloseFacts facts) => facts.Shape == ResetShape.ToSyn
        ? "its program aborted the connection or was killed, or its host had no socket for it"
        : "its program aborted the connection or was killed";

    private static string Unseen(CloseFacts facts) =>
        facts.IsUnseen(facts.ResetReceiver) ? $" Unacknowledged payload is not known: {facts.Name(facts.ResetReceiver)}'s packets were not captured." : "";

    /// <summary>Describes the payload that was not acknowledged before the RST, as far as captured.</summary>
    private static string Outstanding(CloseFacts facts)
    {
        if (facts.IsUnseen(facts.ResetReceiver))
            return "";
        int end = facts.Unacked(facts.ResetReceiver) > 0 ? facts.ResetReceiver : facts.ResetSender;
        return facts.Unacked(end) > 0
            ? $"; {Words.BytesWere(facts.Unacked(end), $" of {facts.Name(end)}")} not acknowledged"
            : facts.AnyPayload ? ", with all payload acknowledged" : "";
    }
}
