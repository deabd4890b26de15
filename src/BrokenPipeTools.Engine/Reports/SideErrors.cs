using BrokenPipeTools.Connections;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Reports;

/// <summary>The results of a side's consecutive calls on one platform.</summary>
public sealed class SideErrors
{
    /// <summary>The number of predicted calls: after the second one, the results do not change any more.</summary>
    private const int PredictedCalls = 3;

    /// <summary>"Client" or "Server".</summary>
    public required string Side { get; init; }

    /// <summary>"Linux" or "Windows".</summary>
    public required string Platform { get; init; }

    /// <summary>The results of consecutive reads: <c>ECONNRESET</c>, <c>EOF</c>, <c>EOF</c>.</summary>
    public required RecordList<string> Reads { get; init; }

    /// <summary>The results of consecutive writes: <c>ok</c>, <c>EPIPE</c>, <c>EPIPE</c>.</summary>
    public required RecordList<string> Writes { get; init; }

    /// <summary>The assumptions that no packet proves.</summary>
    public required string Assumes { get; init; }

    /// <summary>Returns the side as one line.</summary>
    public override string ToString() => DisplayText.Of($"{Side} on {Platform}: read {string.Join(", ", Reads)}; write {string.Join(", ", Writes)}");

    internal static RecordList<SideErrors> Of(Connection c, int client, LogPlace forgedReset, int withoutSocket)
    {
        List<SideErrors> all = [];
        foreach (int end in (int[])[client, 1 - client])
        {
            SocketState state = SocketView.Of(c, end, forgedReset);
            if (end == withoutSocket || state.Phase is SocketPhase.None or SocketPhase.SynReceived)
                continue;
            ref readonly Side own = ref c.Side(end);
            bool mayBeClosed = own.Has(SideMarks.Fin | SideMarks.Rst);
            bool peerGone = state.Phase == SocketPhase.CloseWait && c.Side(1 - end).Has(SideMarks.Fin);
            bool ownShutdown = own.Has(SideMarks.Fin) && state.Error == CallResult.None;
            bool connected = state.ConnectError == CallResult.None;
            CallResult[] reads = Repeat(state, SocketCalls.Read);
            CallResult[] writes = Repeat(state, SocketCalls.Write);
            if (peerGone && writes[0] == CallResult.Ok)
                writes = [CallResult.Ok, CallResult.BrokenPipe, CallResult.BrokenPipe];
            string side = end == client ? "Client" : "Server";
            string assumes = "all received data has been read, and no call has returned the error yet"
                + (mayBeClosed ? "; the program still has its socket open" : "")
                + (SocketView.MayMissReset(c, end) ? "; the RST arrived, although the probes before it had no answer" : "")
                + (peerGone ? "; the peer has closed both directions, not only its sending direction" : "");
            all.Add(new SideErrors { Side = side, Platform = "Linux", Reads = [.. reads.Select(r => r.Text())], Writes = [.. writes.Select(w => w.Text())], Assumes = assumes });
            all.Add(new SideErrors
            {
                Side = side,
                Platform = "Windows",
                Reads = [.. reads.Select(r => WindowsResult.OfRead(r))],
                Writes = [.. writes.Select(w => connected ? WindowsResult.OfWrite(w, ownShutdown) : "WSAENOTCONN")],
                Assumes = assumes + "; Winsock documents the errors, but not their order",
            });
        }

        return [.. all];
    }

    private static CallResult[] Repeat(SocketState state, CallOnSocket call)
    {
        CallResult[] results = new CallResult[PredictedCalls];
        for (int i = 0; i < PredictedCalls; i++)
            (results[i], state) = call(state);
        return results;
    }

    private delegate (CallResult Result, SocketState After) CallOnSocket(in SocketState state);
}
