using BrokenPipeTools.Closing;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// SO_LINGER 0, a process killed, ss -K, a listener closed with the connection in its queue: a RST from a socket that was alive,
/// with everything answered.
/// </summary>
internal sealed class AbortiveClose : CauseRule
{
    public override Cause Cause => Cause.AbortiveClose;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset];

    public override string Summary => "A live socket was aborted with everything answered: SO_LINGER 0, a killed process, ss -K.";

    public override string Advice => "Look for SO_LINGER with 0 seconds in that program, a crash, a restart, or an operator at that time. Its peers see ECONNRESET.";

    /// <summary>A side that waited for the answer to its SYN never had the connection that it could abort.</summary>
    public override Confidence? Judge(CloseFacts facts) => facts.Connection.Side(facts.Resetter).IsInSynSent ? null : Confidence.Medium;

    public override Prose Explain(CloseFacts facts) => facts.MeaningOf(facts.Resetter) != ReasonMeaning.Neutral
        ? (Prose)$"{facts.NameFirst(facts.Resetter)} reset the connection (frame {facts.Frame(facts.ResetAt)}) after it had stated its reason.{facts.NextCall(facts.Victim)}"
        : $"{facts.NameFirst(facts.Resetter)} reset the connection (frame {facts.Frame(facts.ResetAt)}){Words.AfterSilence(facts.Idle >= 1 ? facts.Idle : 0)} with everything answered: its program aborted it, or was ended.{facts.NextCall(facts.Victim)}";

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(facts.ResetAt, "a RST from a live socket")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) =>
    [
        .. facts.Reset.Window == 0 ? [(Cause.PeerStateLost, "stacks other than Linux set ACK in every reset: with window 0 it may answer for a socket that is gone")] : Array.Empty<(Cause, string)>(),
        (Cause.UnreadDataDiscarded, "payload that was not answered may have been unread"),
    ];
}
