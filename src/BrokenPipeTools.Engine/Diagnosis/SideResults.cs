using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis;

/// <summary>What an end's program gets next.</summary>
/// <param name="Read">From a read.</param>
/// <param name="Write">From a write.</param>
/// <param name="IsCutOff">The connection is gone for it, and it was not this end that ended it.</param>
internal readonly record struct SideResults(string Read, string Write, bool IsCutOff)
{
    private static readonly SideResults EndedWell = new(CallResult.EndOfFile, CallResult.BrokenPipe, IsCutOff: false);

    public static SideResults Of(Connection c, int end)
    {
        if (SocketView.EndedWell(c, end))
            return EndedWell;
        SocketState state = SocketView.Of(c, end);
        bool isCutOff = state is { Phase: SocketPhase.Closed, Error: not (null or CallResult.Aborted) } && !c.Side(end).Has(SideMarks.Fin);
        return new SideResults(SocketCalls.NextRead(state), SocketCalls.NextWrite(state), isCutOff);
    }
}
