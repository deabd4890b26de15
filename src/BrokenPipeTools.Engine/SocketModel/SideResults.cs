using BrokenPipeTools.Connections;

namespace BrokenPipeTools.SocketModel;

/// <summary>The results of the next calls at an end.</summary>
/// <param name="Connect">The result of connect; meaningful for the client.</param>
/// <param name="Read">The result of the next read after connect has returned.</param>
/// <param name="Write">The result of the next write after connect has returned.</param>
/// <param name="IsCutOff">Whether the connection no longer exists for this end although this end did not close or abort it. Writes then return EPIPE
/// after the pending error was returned.</param>
internal readonly record struct SideResults(CallResult Connect, CallResult Read, CallResult Write, bool IsCutOff)
{
    private static SideResults EndedWell => new(CallResult.Ok, CallResult.EndOfFile, CallResult.BrokenPipe, IsCutOff: false);

    /// <summary>Returns whether one of the calls has this result.</summary>
    public bool Has(CallResult result) => Connect == result || Read == result || Write == result;

    public static SideResults Of(Connection c, int end, LogPlace forgedReset)
    {
        if (SocketView.EndedWell(c, end))
            return EndedWell;
        SocketState state = SocketView.Of(c, end, forgedReset);
        bool hasFailed = state.ConnectError != CallResult.None || state is { Phase: SocketPhase.Closed, Error: not (CallResult.None or CallResult.Aborted) };
        return new SideResults(SocketCalls.Connect(state), SocketCalls.NextRead(state), SocketCalls.NextWrite(state), hasFailed && !c.Side(end).Has(SideMarks.Fin));
    }
}
