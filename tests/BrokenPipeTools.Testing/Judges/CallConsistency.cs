using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>Compares the predicted calls of a record with the FINs of its frames and their acknowledgments.</summary>
internal static class CallConsistency
{
    public static IEnumerable<string> Contradictions(ConnectionClose r, ConnectionFrames f) => [.. Of(r, f, client: true), .. Of(r, f, client: false)];

    private static IEnumerable<string> Of(ConnectionClose r, ConnectionFrames f, bool client)
    {
        (string read, string write, long? ownFin, long? peerFin) = client
            ? (r.ClientRead, r.ClientWrite, r.ClientFinFrame, r.ServerFinFrame)
            : (r.ServerRead, r.ServerWrite, r.ServerFinFrame, r.ClientFinFrame);
        string side = client ? "client" : "server";
        if (read == CallResultText.EndOfFile && peerFin is null)
            yield return $"the {side} reads EOF without a FIN of the other side: {r.Sequence}";
        if (read == CallResultText.Blocks && !f.AnyReset && peerFin is { } fin && HasAcknowledged(f, client, fin))
            yield return $"the {side} waits for more after a FIN that it acknowledged: {r.Sequence}";
        if (write == CallResultText.Ok && !f.AnyReset && ownFin is not null)
            yield return $"the {side} can write after its own FIN: {r.Sequence}";
        if (write == CallResultText.BrokenPipe && read is CallResultText.Blocks or CallResultText.EndOfFile && ownFin is null && !f.AnyReset && f.Quoted.Count == 0)
            yield return $"the {side} cannot write although it sent no FIN: {r.Sequence}";
    }

    private static bool HasAcknowledged(ConnectionFrames f, bool client, long frame) =>
        f.At(frame).FirstOrDefault(s => !s.Segment.IsQuoted && s.Has(TcpFlags.Fin)) is { } fin
        && f.From(client).Any(s => s.Segment.Frame > frame && s.Has(TcpFlags.Ack) && !s.Has(TcpFlags.Rst) && s.Segment.HasLength
            && s.Segment.Acknowledgment.IsAtOrAfter(fin.Segment.EndSequence));
}
