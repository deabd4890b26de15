using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 9293, section 3.6: a side that has sent FIN may go on receiving.
/// </summary>
internal sealed class HalfClose : CauseRule
{
    public override Cause Cause => Cause.HalfClose;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Graceful, CloseState.HalfClosed];

    public override string Summary => "One side finished sending and the other went on, properly.";

    public override string Advice => "";

    public override Confidence? Judge(CloseFacts facts)
    {
        int closer = Closer(facts);
        if (closer < 0)
            return null;
        bool wentOn = facts.DataAfterFin(1 - closer) >= 0;
        if (facts.State == CloseState.Graceful)
            return wentOn && facts.ResetAt < 0 ? Confidence.High : null;
        return wentOn ? Confidence.Medium : Confidence.Low;
    }

    public override Prose Explain(CloseFacts facts)
    {
        int closer = Closer(facts);
        int data = facts.DataAfterFin(1 - closer);
        string first = $"{facts.NameFirst(closer)} finished sending (FIN, frame {facts.FinFrame(closer)})";
        if (data < 0)
            return $"{first}; {facts.Name(1 - closer)} has not closed by the end of the capture. Whether the first can still be written to, nothing shows: close and shutdown(SHUT_WR) send the same FIN.";
        return $"{first} and {facts.Name(1 - closer)} went on (frame {facts.Frame(data)}){(facts.State == CloseState.Graceful ? $", then closed, too (frame {facts.FinFrame(1 - closer)})" : "; it has not closed by the end of the capture")}. Nothing was lost.";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(facts.Find(ObservationKind.Fin, Closer(facts)), "finished sending")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => facts.State == CloseState.HalfClosed && facts.DataAfterFin(1 - Closer(facts)) < 0
        ? [(Cause.NormalClose, "the other side may close later: a program that never does leaks sockets in CLOSE_WAIT")]
        : [];

    private static int Closer(CloseFacts facts) => facts.ClosedBy switch
    {
        ClosedBy.Client => facts.Client,
        ClosedBy.Server => 1 - facts.Client,
        _ => -1,
    };
}
