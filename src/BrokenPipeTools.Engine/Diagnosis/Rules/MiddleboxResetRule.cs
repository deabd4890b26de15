using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// A RST that the host with its source address did not send: its TTL, IP ID or window differ from that host's, it came sooner than the host can
/// answer, or the host continued to use the connection (Weaver, Sommer and Paxson, NDSS 2009).
/// </summary>
internal sealed class MiddleboxResetRule : CauseRule
{
    public override Cause Cause => Cause.MiddleboxReset;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.Refused];

    public override string Summary => "A device between the two hosts sent a RST, or a FIN, with the address of one of them.";

    public override string Advice => "Look for this connection in the logs of the firewalls, proxies, NAT and intrusion prevention on the path: a rule, a signature, or a flow that was not in their table (Linux: conntrack state INVALID). Capture on both hosts to prove it.";

    public override Confidence? Judge(CloseFacts facts) => facts.SignsOfForgery.Count switch
    {
        0 => FinIn(facts) is not null ? Confidence.Medium : facts.HostWasThere ? Confidence.Low : null,
        _ => facts.StrongSigns switch { > 1 => Confidence.High, 1 => Confidence.Medium, _ => Confidence.Low },
    };

    public override Utf8Message Explain(CloseFacts facts) => facts.SignsOfForgery.Count == 0 ? FinIn(facts) is { } fin ? ExplainFin(facts, fin) : ExplainAlive(facts) :
        $"The RST with {facts.Name(facts.ResetSender)}'s address (frame {facts.Frame(facts.ResetAt)}) {(facts.StrongSigns == 0 ? "may not have been" : "was not")} sent by that host: {string.Join("; ", facts.SignsOfForgery.Select(sign => sign.Shows))}.{OfItsHost(facts)}{facts.NextCall(facts.ResetReceiver)}";

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) =>
        facts.SignsOfForgery.Count > 0 ? facts.SignsOfForgery
        : FinIn(facts) is { } fin ? [new(fin.At, "not sent by its host"), new(fin.Payload, "the host's own payload with the number of that FIN"), new(facts.ResetAt, "the RST that answers it")]
        : [new(facts.ResetAt, "a RST without a FIN before it, from a host that had used the connection shortly before")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts)
    {
        if (facts.SignsOfForgery.Count == 0 && FinIn(facts) is not null)
        {
            yield return (Cause.Undetermined, "two hosts may have the same address");
            yield break;
        }

        if (facts.SignsOfForgery.Count == 0)
            yield return (Cause.PeerStateLost, "the host may have lost the socket without sending a packet, or its close was not captured");
        if (facts.TriggerAt.Exists && facts.Idle > StateExpiredRule.Shortest && !facts.SilenceWasSurvived)
            yield return (Cause.StateExpired, $"the RST answers the first packet after {Words.Seconds(facts.Idle)} of silence");
        if (facts.SignsOfForgery.Count == 1)
            yield return (facts.Shape == ResetShape.Stateless ? Cause.PeerStateLost : Cause.AbortiveClose, "a single sign may come from an unusual TCP stack");
    }

    /// <summary>
    /// Describes the next call of the host whose address the RST has: it returns no error, unless that side ended too. (A sentence on a time-out is
    /// added for any cause.)
    /// </summary>
    private static Utf8Message OfItsHost(CloseFacts facts) => facts.ResultsAt(facts.ResetSender).Read switch
    {
        CallResult.Blocks when facts.StrongSigns > 0 => (Utf8Message)$" {facts.NameFirst(facts.ResetSender)} does not notice it until it sends.",
        CallResult.TimedOut => "",
        _ => facts.NextCall(facts.ResetSender),
    };

    /// <summary>Returns the forged FIN whose receiver sent the RST, as it refuses payload after a FIN; null if there is none.</summary>
    private static ForgedFin? FinIn(CloseFacts facts) => facts.State == CloseState.Reset && facts.Shape == ResetShape.Stateless && !facts.SentFinBefore(facts.ResetSender)
        && ForgedFin.Of(facts, facts.ResetReceiver) is { } fin && fin.Payload < facts.ResetAt ? fin : null;

    private static Utf8Message ExplainFin(CloseFacts facts, ForgedFin fin) =>
        $"The FIN with {facts.Name(facts.ResetReceiver)}'s address (frame {facts.Frame(fin.At)}) was not sent by that host: it sent payload with the same number after it (frame {facts.Frame(fin.Payload)}). {facts.NameFirst(facts.ResetSender)} had accepted the FIN, and {facts.Host(facts.ResetSender)} refused that payload with a RST (frame {facts.Frame(facts.ResetAt)}).{facts.NextCall(facts.ResetSender)}{facts.NextCall(facts.ResetReceiver)}";

    /// <summary>Explains a RST without any sign of forgery whose host cannot have lost the connection so fast.</summary>
    private static Utf8Message ExplainAlive(CloseFacts facts)
    {
        string alive = facts.SinceOwn < 0 ? "used the connection after it" : $"had used the connection {Words.Seconds(facts.SinceOwn)} before";
        return $"{facts.HostFirst(facts.ResetSender)} {alive}, but a RST without ACK arrived with its address (frame {facts.Frame(facts.ResetAt)}): the host was not restarted. A device on the path sent the RST, or it did not translate an address, so that the host had no socket for the segment (NAT; conntrack state INVALID).{facts.NextCall(facts.ResetReceiver)}";
    }
}
