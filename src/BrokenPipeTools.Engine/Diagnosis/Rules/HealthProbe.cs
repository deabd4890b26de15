using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// A load balancer or monitor that only looks whether somebody listens: handshake, then RST, and not a byte.
/// </summary>
internal sealed class HealthProbe : CauseRule
{
    public override Cause Cause => Cause.HealthProbe;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset];

    public override string Summary => "A bare connect and reset without a byte, as load balancers and monitors do: benign.";

    public override string Advice => "Nothing is wrong. To keep it out of the log, let the probe close with a FIN, or the server ignore connections that end before their first byte.";

    public override Confidence? Judge(CloseFacts facts) =>
        !facts.AnyPayload && facts.HandshakeSeen && facts.Resetter == facts.Client && facts.Shape == ResetShape.Active
        && !facts.Connection.Side(0).Has(SideMarks.Fin) && !facts.Connection.Side(1).Has(SideMarks.Fin) ? Confidence.Medium : null;

    public override Prose Explain(CloseFacts facts) =>
        $"{facts.NameFirst(facts.Client)} connected and reset (frame {facts.Frame(facts.ResetAt)}) without sending a byte, as health probes do.";

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(facts.ResetAt, "reset before the first byte")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) =>
        [(Cause.AbortiveClose, "a client that gave up at once looks the same")];
}
