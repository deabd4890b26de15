using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// The packets are those of WriteAfterPeerClose, but the side that closed caused the RST: it has shut down both directions, so its own kernel resets
/// the connection if data still arrive (tcp_rcv_state_process(), net/ipv4/tcp_input.c).
/// </summary>
internal sealed class DataAfterOwnCloseRule : CauseRule
{
    public override Cause Cause => Cause.DataAfterOwnClose;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset];

    public override string Summary => "A side had shut down both directions, then data arrived, and its own kernel reset the connection.";

    public override string Advice => "Shut down only the sending direction, read to the end of file, then close. Or do not use the socket after the shutdown.";

    public override Confidence? Judge(CloseFacts facts) =>
        facts.ResetSender == facts.Local && facts.Shape == ResetShape.Stateless
        && facts.SentFinBefore(facts.Local) && facts.DataAfterFin(facts.ResetReceiver).Exists ? Confidence.Medium : null;

    public override Utf8Message Explain(CloseFacts facts) =>
        $"{facts.NameFirst(facts.ResetSender)} closed (FIN, frame {facts.FinFrame(facts.ResetSender)}); {facts.Name(facts.ResetReceiver)} sent payload after that (frame {facts.Frame(facts.DataRefusedAfterFin(facts.ResetReceiver))}), no program could read it, and {facts.Host(facts.ResetSender)} reset the connection (frame {facts.Frame(facts.ResetAt)}). "
        + $"A program that still has the socket open gets the error:{facts.NextCall(facts.ResetSender)}";

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) =>
    [
        new(facts.Find(ObservationKind.Fin, facts.ResetSender), "closed"),
        new(facts.DataRefusedAfterFin(facts.ResetReceiver), "late data"),
        new(facts.ResetAt, "its own kernel's RST"),
    ];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) =>
        [(Cause.WriteAfterPeerClose, "from the other side: it kept writing after the close")];
}
