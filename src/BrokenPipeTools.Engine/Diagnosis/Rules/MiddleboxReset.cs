using BrokenPipeTools.Closing;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// A RST in a host's name that the host did not send: its TTL, IP ID or window are not that host's, it came sooner than the host
/// can answer, or the host went on as if nothing had been (Weaver, Sommer and Paxson, NDSS 2009).
/// </summary>
internal sealed class MiddleboxReset : CauseRule
{
    public override Cause Cause => Cause.MiddleboxReset;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset];

    public override string Summary => "Something between the two sent a RST in one side's name.";

    public override string Advice => "Find the firewall, proxy or intrusion prevention on the path whose TTL fits, and ask it why: a rule, a signature, a flow that it did not know. Capture on both hosts to prove it.";

    public override Confidence? Judge(CloseFacts facts) => facts.SignsOfForgery.Count switch
    {
        0 => null,
        1 => Confidence.Medium,
        _ => Confidence.High,
    };

    public override Prose Explain(CloseFacts facts) =>
        $"The RST in {facts.Name(facts.Resetter)}'s name (frame {facts.Frame(facts.ResetAt)}) is not its own: {string.Join("; ", facts.SignsOfForgery.Select(sign => sign.Shows))}. "
        + $"{facts.NameFirst(facts.Victim)} gets ECONNRESET; {facts.Name(facts.Resetter)} knows nothing of it until it sends.";

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => facts.SignsOfForgery;

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        if (facts.TriggerAt >= 0 && facts.Idle >= 1)
            yield return (Cause.StateExpired, "the RST answers the first packet after a silence");
        if (facts.SignsOfForgery.Count == 1)
            yield return (facts.Shape == ResetShape.Stateless ? Cause.PeerStateLost : Cause.AbortiveClose, "one sign alone may be a peculiarity of the host's stack");
    }
}
