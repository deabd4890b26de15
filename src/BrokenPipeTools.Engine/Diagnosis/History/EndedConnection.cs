using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Diagnosis.History;

/// <summary>The stored data of a connection that one side closed, by a FIN or by a RST of its own. Times are in nanoseconds.</summary>
/// <param name="Closer">The end that closed.</param>
/// <param name="ByClient">Whether that end was the client.</param>
/// <param name="ByReset">Whether that end closed with a RST.</param>
/// <param name="Time">The time of the close, since 1970.</param>
/// <param name="Silence">Time since the last payload, or since the last segment if there was no payload.</param>
/// <param name="Age">Time since the SYN; -1 if the SYN was not captured.</param>
/// <param name="Outlived">The longest earlier silence, if it was longer than the last one; otherwise 0.</param>
internal readonly record struct EndedConnection(int Closer, bool ByClient, bool ByReset, long Time, long Silence, long Age, long Outlived)
{
    /// <summary>
    /// Nanoseconds. Shorter connections are ignored, because neither a silence nor a limit on their age ended them. Most connections are short, and
    /// need no further work.
    /// </summary>
    private const long ShortLife = Nanoseconds.PerSecond;

    /// <summary>Returns whether a connection can be compared with others: it lived for a while, or ended without payload as probes do.</summary>
    public static bool IsWorthALook(Connection c) =>
        c.EndTime - c.StartTime >= ShortLife || c.Side(0).PayloadBytes + c.Side(1).PayloadBytes == 0;

    /// <summary>Returns how a connection ended; null if no side closed it by its own decision.</summary>
    public static EndedConnection? Of(Connection c, int client, CloseState state)
    {
        if (state is not (CloseState.Graceful or CloseState.Reset or CloseState.HalfClosed))
            return null;
        ClosedBy by = CloseClassifier.WhoClosed(c, state, client);
        if (by is not (ClosedBy.Client or ClosedBy.Server))
            return null;
        int closer = by == ClosedBy.Client ? client : 1 - client;
        int at = FirstClosing(c, closer);
        if (at < 0)
            return null;
        ref readonly Observation o = ref c.Log.Get(at);
        bool byReset = o.Kind == ObservationKind.Rst;
        if (byReset && ResetShapes.Of(o, c.Side(closer)) != ResetShape.Active)
            return null; // the RST is an answer, and not the program's own decision
        long silence = c.Close.Silence;
        bool longestIsAfter = c.EndTime - c.StartTime - o.Time >= c.MaxGap;
        return new EndedConnection(
            closer,
            by == ClosedBy.Client,
            byReset,
            c.StartTime + o.Time,
            silence,
            c.Side(client).Has(SideMarks.Syn) ? o.Time : -1,
            c.MaxGap > silence && !longestIsAfter ? c.MaxGap : 0);
    }

    /// <summary>Returns whether the client ended the connection after the handshake without any payload of either side.</summary>
    public bool IsBareConnect(Connection c) =>
        ByClient && Age is >= 0 and < ShortLife && c.Side(0).PayloadBytes + c.Side(1).PayloadBytes == 0
        && c.Side(1 - Closer).Has(SideMarks.SynAck);

    private static int FirstClosing(Connection c, int end)
    {
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Sender == end && o.Kind is ObservationKind.Fin or ObservationKind.Rst)
                return i;
        }

        return -1;
    }
}
