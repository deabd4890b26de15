using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>Neither side closed the connection before the capture ended.</summary>
internal sealed class StillOpenRule : CauseRule
{
    public override Cause Cause => Cause.StillOpen;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Open];

    public override string Summary => "The connection was still open when the capture ended.";

    public override string Advice => "";

    public override Confidence? Judge(CloseFacts facts) =>
        Waiting(facts) < 0 && !facts.Connection.IsReplaced && Unseen(facts) < 0 && Hidden(facts) < 0 && !facts.HasOnlyAcks && LostEnd.Of(facts) is null && !facts.Connection.IsSubflow ? Confidence.High : Confidence.Medium;

    public override Utf8Message Explain(CloseFacts facts) =>
        (facts.Connection.IsReplaced ? "Neither side closed this connection before a new SYN arrived with the same ports."
            : NotCaptured(facts).Length > 0 ? "The capture shows no close of this connection." : "Neither side closed this connection before the capture ended.") + (Unseen(facts) is >= 0 and var end ? $" The packets of {facts.Name(end)} were not captured: it may have closed." : "") + NotCaptured(facts) + (LostEnd.Of(facts) is { } lost ? $" {lost.Sentence}" : "") + RefusedFin(facts);

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => Waiting(facts) switch
    {
        < 0 when facts.Connection.IsReplaced => [(Cause.StalePortReuse, "the new SYN has its own record, which has the answer of the host that still had this connection")],
        < 0 when Hidden(facts) is >= 0 and var hidden => [(facts.MayLackFin(1 - hidden) ? Cause.NormalClose : Cause.HalfClose, $"{facts.Name(hidden)} may have closed with a segment that was acknowledged and not captured")],
        < 0 when facts.HasOnlyAcks => [(Cause.NormalClose, "both sides may have closed before the capture began")],
        < 0 when facts.Connection.DataFinAt(0).Exists || facts.Connection.DataFinAt(1).Exists => [(SubflowRemark.IsEndKnown(facts.Connection) ? Cause.NormalClose : Cause.HalfClose, "the MPTCP connection was closed, which the programs see, while its TCP connection stayed open")],
        < 0 when LostEnd.Of(facts) is { } lost => [(Cause.NormalClose, lost.Why)],
        < 0 => [],
        var end when facts.IsUnseen(1 - end) => [(Cause.SilentDrop, $"{facts.Name(end)} retransmitted; the packets of {facts.Name(1 - end)} were not captured")],
        var end when facts.Connection.Side(end).Has(SideMarks.KeepAlivePending) => [(Cause.KeepAliveTimeout, $"{facts.Name(end)}'s last keepalive probe had not been answered yet")],
        var end => [(Cause.SilentDrop, $"{facts.Name(end)} had begun to retransmit, and had not been answered yet")],
    };

    /// <summary>Returns the end that was not captured; -1 for none.</summary>
    private static int Unseen(CloseFacts facts) => facts.IsUnseen(0) ? 0 : facts.IsUnseen(1) ? 1 : -1;

    /// <summary>Returns an end whose FIN may be missing in the capture; -1 for none.</summary>
    private static int Hidden(CloseFacts facts) => facts.MayLackFin(0) ? 0 : facts.MayLackFin(1) ? 1 : -1;

    /// <summary>Describes a close that the capture may lack.</summary>
    private static string NotCaptured(CloseFacts facts) => Hidden(facts) is >= 0 and var end
        ? $" {facts.NameFirst(1 - end)} acknowledged more than was captured of {facts.Name(end)}, which may have closed."
        : facts.HasOnlyAcks && Unseen(facts) < 0 ? " The capture has only ACKs without payload: both sides may have closed before it began." : "";

    /// <summary>Describes a FIN that the other side dropped, and whose source address continued to send.</summary>
    private static string RefusedFin(CloseFacts facts)
    {
        for (int i = 0; facts.Connection.Close.HasBegun && i < facts.Connection.Log.Kept; i++)
        {
            ref readonly Observation o = ref facts.Connection.Log.Get(i);
            if (o.Kind == ObservationKind.RefusedFin)
                return $" A FIN with {facts.Name(o.Sender)}'s address (frame {facts.Frame(new LogPlace(i))}) was not sent by that host and was not accepted: the host later used lower sequence numbers.";
        }

        return "";
    }

    /// <summary>Returns the end that retransmitted and has no answer yet; -1 for none.</summary>
    private static int Waiting(CloseFacts facts)
    {
        for (int end = 0; end < 2; end++)
        {
            if (facts.Connection.Side(end).Unanswered > 0)
                return end;
        }

        return -1;
    }
}
