using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>The client's SYNs have no answer. A firewall that drops them, a host that is down and a full accept queue look the same to the client.</summary>
internal sealed class ConnectTimeoutRule : CauseRule
{
    public override Cause Cause => Cause.ConnectTimeout;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Unanswered];

    public override string Summary => "The SYN was not answered: a firewall drops it, the host is down, or its accept queue is full.";

    public override string Advice => "Capture on the server. If the SYN arrives there and is not answered, the accept queue is full (ss -ltn: Recv-Q above Send-Q). If it does not arrive, a firewall or a route drops it.";

    public override string AdviceFor(CloseFacts facts) => StrayAnswer.IsElsewhere(facts) ? StrayAnswer.Advice : Advice;

    public override Confidence? Judge(CloseFacts facts) => Confidence.Medium;

    public override Utf8Message Explain(CloseFacts facts)
    {
        int times = 1 + facts.Count(ObservationKind.Retransmission, facts.Client);
        string sent = times == 1 ? "SYN was" : $"SYN was sent {times} times and";
        if (StrayAnswer.IsElsewhere(facts))
            return $"{facts.NameFirst(facts.Client)}'s {sent} {StrayAnswer.ExplainElsewhere(facts)}. connect fails with ETIMEDOUT when the kernel gives up.";
        return times == 1
            ? $"{facts.NameFirst(facts.Client)}'s SYN (frame {facts.Connection.FirstFrame}) has no {(facts.ResetAt.Exists ? "SYN-ACK" : "answer")} in the capture: if none arrives, connect fails with ETIMEDOUT when the kernel gives up.{Timestamps(facts)}"
            : $"{facts.NameFirst(facts.Client)}'s SYN was sent {times} times (from frame {facts.Connection.FirstFrame}) and {(facts.ResetAt.Exists ? "got no SYN-ACK" : "not answered")}: connect fails with ETIMEDOUT when the kernel gives up.{Timestamps(facts)}";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => !facts.ResetAt.Exists
        ? [new(facts.Find(ObservationKind.Syn, facts.Client), "a SYN without an answer")]
        : [new(facts.Find(ObservationKind.Syn, facts.Client), "a SYN without a SYN-ACK"), new(facts.ResetAt, "a RST that was not accepted")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => StrayAnswer.IsElsewhere(facts) ? [] :
    [
        (Cause.AcceptQueueOverflow, "a server whose accept queue is full drops SYNs without an answer"),
        (Cause.SilentDrop, "a firewall or a broken path also drops SYNs without an answer"),
    ];

    /// <summary>
    /// Explains that the SYN has a lower timestamp than an earlier connection had. A server that compares timestamps by address drops such a SYN
    /// (PAWS, RFC 7323, section 5).
    /// </summary>
    private static string Timestamps(CloseFacts facts) => facts.Connection.Points?.HigherTimestamp is { } higher
        ? $" Its TCP timestamp is lower than an earlier one from the same address that the server answered (stream {higher.Stream}, frame {higher.Frame}): a server with net.ipv4.tcp_tw_recycle drops such a SYN without an answer if several hosts share the address (NAT)."
        : "";
}
