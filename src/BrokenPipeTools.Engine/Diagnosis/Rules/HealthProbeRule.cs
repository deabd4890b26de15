using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.History;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// A load balancer or monitor only checks whether a program listens: handshake, then RST or FIN, without payload.
/// </summary>
internal sealed class HealthProbeRule : CauseRule
{
    public override Cause Cause => Cause.HealthProbe;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.Graceful];

    public override string Summary => "The client connected and ended the connection without sending a byte, as load balancers and monitors do: benign.";

    public override string Advice => "Nothing is wrong. To keep it out of the log, let the probe close with a FIN, or let the server ignore connections that end before the first byte.";

    /// <summary>
    /// Any client may close without having sent a byte, so a FIN counts only if many such connections come at a fixed period. A RST without payload
    /// rarely comes from anything other than a probe. If its TTL is another, a device may have sent it, so it is never High.
    /// </summary>
    public override Confidence? Judge(CloseFacts facts)
    {
        bool isPeriodic = facts.Neighbors is { Probes: > 0 };
        if (facts.State == CloseState.Graceful)
            return isPeriodic ? Confidence.Medium : null;
        if (facts.AnyPayload || !facts.HandshakeSeen || !(IsOnlyReset(facts) || facts.IsHalfOpen))
            return null;
        return facts.Neighbors is { Probes: > CloseNeighbors.FewestEqual } && !facts.IsScan ? Confidence.High : Confidence.Medium;
    }

    public override Utf8Message Explain(CloseFacts facts)
    {
        string end = facts.State == CloseState.Graceful ? $"closed (frame {facts.FinFrame(facts.Client)})" : $"reset (frame {facts.Frame(facts.ResetAt)})";
        string period = facts.Neighbors is { Probes: > 0 } n
            ? $"; it does so every {Words.Seconds(n.Period)}, {n.Probes} times before this one"
            : "";
        if (facts.IsScan)
            return $"{facts.NameFirst(facts.Client)} answered the SYN-ACK with a RST (frame {facts.Frame(facts.ResetAt)}): a port scanner made the SYN itself (window {facts.Connection.Log.Get(facts.Find(ObservationKind.Syn, facts.Client)).Window}, TTL {facts.Connection.Side(facts.Client).TimeToLive}), so the host, whose TTL is {facts.Reset.TimeToLive}, had no socket for it{period}.";
        if (facts.IsHalfOpen)
            return $"{facts.NameFirst(facts.Client)} answered the SYN-ACK of its own SYN with a RST (frame {facts.Frame(facts.ResetAt)}): a probe that only checks if the port is open, a connect that was given up, or the slower of two parallel connects{period}.";
        return $"{facts.NameFirst(facts.Client)} connected and {end} without sending a byte, as health probes do{period}.";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => facts.State == CloseState.Graceful
        ? [new(facts.Find(ObservationKind.Fin, facts.Client), "closed before the first byte")]
        : [new(facts.ResetAt, "reset before the first byte")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        if (facts.State == CloseState.Graceful)
            yield return (Cause.NormalClose, "a client that connects at fixed times and sends nothing looks the same");
        else if (facts.IsScan)
            yield return (Cause.MiddleboxReset, $"the TTL of the RST is {facts.Reset.TimeToLive}, that of the SYN {facts.Connection.Side(facts.Client).TimeToLive}: a device on the path may have sent the RST");
        else
            yield return (Cause.AbortiveClose, facts.IsHalfOpen ? "a program that closed its socket while connect was still running looks the same" : "a client that gave up immediately looks the same");
    }

    private static bool IsOnlyReset(CloseFacts facts) => facts.ResetSender == facts.Client && facts.Shape == ResetShape.Active
        && !facts.Connection.Side(0).Has(SideMarks.Fin) && !facts.Connection.Side(1).Has(SideMarks.Fin);
}
