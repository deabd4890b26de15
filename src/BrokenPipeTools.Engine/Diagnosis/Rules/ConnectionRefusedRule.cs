using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// A RST in answer to the SYN (RFC 9293, section 3.10.7.1).
/// </summary>
internal sealed class ConnectionRefusedRule : CauseRule
{
    public override Cause Cause => Cause.ConnectionRefused;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Refused];

    public override string Summary => "No socket listens on that port, or a firewall rejects in the host's name.";

    public override string Advice => "Start the service, or connect to the port it listens on (ss -ltn on the server). Where it does listen, a firewall rejects with a RST: ask it.";

    public override Confidence? Judge(CloseFacts facts) => facts.IsForgedRefusal ? null : Confidence.High;

    public override Utf8Message Explain(CloseFacts facts) =>
        $"{facts.NameFirst(facts.Client)}'s SYN was answered with a RST (frame {facts.Frame(facts.ResetAt)}): no socket listens on that port, or a firewall answers for the host.{Calls(facts)}";

    private static Utf8Message Calls(CloseFacts facts) => facts.ResultsAt(facts.Client).Connect == CallResult.Refused
        ? (Utf8Message)$" connect fails with ECONNREFUSED; a write on that socket anyway gets EPIPE."
        : facts.NextCall(facts.Client);

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(facts.ResetAt, "the SYN is refused")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) =>
        [(Cause.MiddleboxReset, "a firewall that rejects with a RST sends the same packet as a host without a listener")];
}
