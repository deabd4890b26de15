using BrokenPipeTools.Closing;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 9293, section 3.6: both FINs. A RST after them, or in answer to nothing but the peer's TLS close_notify, takes nothing
/// away.
/// </summary>
internal sealed class NormalClose : CauseRule
{
    public override Cause Cause => Cause.NormalClose;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Graceful, CloseState.Reset];

    public override string Summary => "Both sides closed, and nothing was lost.";

    public override string Advice => "";

    public override Confidence? Judge(CloseFacts facts) => facts.State == CloseState.Graceful ? Confidence.High : MeetsOnlyCloseNotify(facts) ? Confidence.Medium : null;

    public override Prose Explain(CloseFacts facts)
    {
        if (facts.State == CloseState.Reset)
            return $"{facts.NameFirst(facts.Resetter)} closed (frame {facts.FinFrame(facts.Resetter)}) without waiting for {facts.Name(facts.Victim)}'s TLS close_notify, which drew a RST (frame {facts.Frame(facts.ResetAt)}): benign, nothing was lost.";
        int first = First(facts);
        if (facts.ClosedBy == ClosedBy.Both)
            return $"Both sides closed at once (frames {facts.FinFrame(first)} and {facts.FinFrame(1 - first)}), and nothing was lost.{AboutReset(facts)}";
        return $"{facts.NameFirst(first)} closed (frame {facts.FinFrame(first)}), then {facts.Name(1 - first)} (frame {facts.FinFrame(1 - first)}), and nothing was lost.{AboutReset(facts)}";
    }

    /// <summary>A RST that came although both had closed.</summary>
    private static string AboutReset(CloseFacts facts)
    {
        if (facts.ResetAt < 0)
            return "";
        return ResetOrigin.Remark(facts) is { Length: > 0 } remark ? remark : $" The RST after that (frame {facts.Frame(facts.ResetAt)}) changes nothing.";
    }

    /// <summary>The RST answers nothing but the other side's TLS close_notify.</summary>
    private static bool MeetsOnlyCloseNotify(CloseFacts facts) => facts.ResetAt >= 0 && facts.Shape == ResetShape.Stateless
        && facts.SentFinBefore(facts.Resetter) && facts.SentOnlyTlsAlertAfterFin(facts.Victim);

    private static int First(CloseFacts facts) => facts.ClosedBy == ClosedBy.Server ? 1 - facts.Client : facts.Client;
}
