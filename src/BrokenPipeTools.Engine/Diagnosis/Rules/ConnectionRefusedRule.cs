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

    public override string Summary => "No socket listens on that port, or a firewall rejects the connection with the host's address.";

    public override string Advice => "Start the service, or connect to the port that it listens on (ss -ltn on the server). If it does listen there, a firewall sent the RST: check the firewall's rules and log.";

    public override Confidence? Judge(CloseFacts facts) => facts.IsForgedRefusal ? null : Confidence.High;

    public override Utf8Message Explain(CloseFacts facts) =>
        $"{facts.NameFirst(facts.Client)}'s SYN was answered with a RST (frame {facts.Frame(facts.ResetAt)}): no socket listens on that port, or a firewall answers for the host.{Calls(facts)}";

    private static Utf8Message Calls(CloseFacts facts) => facts.ResultsAt(facts.Client).Connect == CallResult.Refused
        ? (Utf8Message)$" connect fails with ECONNREFUSED; a later write on that socket returns EPIPE."
        : facts.NextCall(facts.Client);

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(facts.ResetAt, "the SYN is refused")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) =>
        [(Cause.MiddleboxReset, "a firewall that rejects with a RST sends the same packet as a host without a listener")];
}
