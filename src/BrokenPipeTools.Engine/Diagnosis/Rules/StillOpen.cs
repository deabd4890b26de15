using BrokenPipeTools.Closing;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// Nothing closed it before the capture ended.
/// </summary>
internal sealed class StillOpen : CauseRule
{
    public override Cause Cause => Cause.StillOpen;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Open];

    public override string Summary => "Nothing ended: the connection was open when the capture ended.";

    public override string Advice => "";

    public override Confidence? Judge(CloseFacts facts) => Confidence.High;

    public override Prose Explain(CloseFacts facts) => "Nothing closed this connection before the capture ended." + ResetOrigin.Remark(facts);
}
