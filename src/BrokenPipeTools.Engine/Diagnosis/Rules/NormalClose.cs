using BrokenPipeTools.Closing;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 9293, section 3.6: both FINs. A RST after them, or in answer to nothing but the peer's TLS close_notify, takes nothing
/// away.
/// </summary>
internal sealed class NormalClose : CauseRule
{
    public override Cause Cause => Cause.NormalClose;

    public override string Summary => "Both sides closed, and nothing was lost.";

    public override string Advice => "";

    public override Confidence? Judge(CloseFacts facts) => facts.State == CloseState.Graceful ? Confidence.High : null;

    public override string Explain(CloseFacts facts)
    {
        string benign = facts.ResetAt < 0 ? "" : ResetOrigin.Remark(facts) is { Length: > 0 } remark ? remark : $" The RST after that (frame {facts.Frame(facts.ResetAt)}) changes nothing.";
        return facts.ClosedBy == ClosedBy.Both
            ? $"Both sides closed at once (frames {facts.FinFrame(facts.Client)} and {facts.FinFrame(1 - facts.Client)}), and nothing was lost.{benign}"
            : $"{facts.NameFirst(First(facts))} closed (frame {facts.FinFrame(First(facts))}), then {facts.Name(1 - First(facts))} (frame {facts.FinFrame(1 - First(facts))}), and nothing was lost.{benign}";
    }

    private static int First(CloseFacts facts) => facts.ClosedBy == ClosedBy.Server ? 1 - facts.Client : facts.Client;
}
