using BrokenPipeTools.Closing;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// The end of the list: nothing above fits.
/// </summary>
internal sealed class Undetermined : CauseRule
{
    public override Cause Cause => Cause.Undetermined;

    public override IReadOnlyList<CloseState> States { get; } = Enum.GetValues<CloseState>();

    public override string Summary => "The packets cannot tell.";

    public override string Advice => "Capture both directions, from before the connection is made, without a snapshot length, on both hosts if possible.";

    public override Confidence? Judge(CloseFacts facts) => Confidence.Low;

    public override Prose Explain(CloseFacts facts) => facts.State == CloseState.Evicted
        ? "This connection was given up to keep within the bound on connections (-MaxConnections): its end was not looked at."
        : "The capture does not show enough of this connection to say why it ended.";
}
