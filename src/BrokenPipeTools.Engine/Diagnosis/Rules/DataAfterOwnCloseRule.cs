using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// The same packets as WriteAfterPeerClose, from the side that closed: shutdown of both directions makes the own kernel reset
/// what still comes (tcp_rcv_state_process(), net/ipv4/tcp_input.c).
/// </summary>
internal sealed class DataAfterOwnCloseRule : CauseRule
{
    public override Cause Cause => Cause.DataAfterOwnClose;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset];

    public override string Summary => "A side had shut down both directions; late data made its own kernel reset the connection.";

    public override string Advice => "Shut down only the sending direction, read to the end, then close. Or do not look at the socket any more once it is shut.";

    public override Confidence? Judge(CloseFacts facts) =>
        facts.Resetter == facts.Local && facts.Shape == ResetShape.Stateless
        && facts.SentFinBefore(facts.Local) && facts.DataAfterFin(facts.Victim) >= 0 ? Confidence.Medium : null;

    public override Utf8Message Explain(CloseFacts facts) =>
        $"{facts.NameFirst(facts.Resetter)} closed (FIN, frame {facts.FinFrame(facts.Resetter)}); what {facts.Name(facts.Victim)} sent after that (frame {facts.Frame(facts.DataAfterFin(facts.Victim))}) met no reader, and {facts.Host(facts.Resetter)} reset the connection (frame {facts.Frame(facts.ResetAt)}). "
        + $"A program that still holds the socket gets the error:{facts.NextCall(facts.Resetter)}";

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) =>
    [
        new(facts.Find(ObservationKind.Fin, facts.Resetter), "closed"),
        new(facts.DataAfterFin(facts.Victim), "late data"),
        new(facts.ResetAt, "its own kernel's RST"),
    ];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) =>
        [(Cause.WriteAfterPeerClose, "from the other side: it kept writing after the close")];
}
