using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Diagnosis.History;

/// <summary>The data kept of a connection that one side closed, with a FIN or with its own RST. Times in nanoseconds.</summary>
/// <param name="Closer">The end that closed.</param>
/// <param name="ByClient">It was the client.</param>
/// <param name="ByReset">With a RST.</param>
/// <param name="Time">When, since 1970.</param>
/// <param name="Silence">Since the last payload; since the last segment if there was no payload.</param>
/// <param name="Age">Since the SYN; -1 if that was not captured.</param>
/// <param name="Outlived">The longest silence before the one that the closing ended; 0 if none was longer.</param>
internal readonly record struct EndedConnection(int Closer, bool ByClient, bool ByReset, long Time, long Silence, long Age, long Outlived)
{
    /// <summary>
    /// Shorter connections show nothing: neither a silence nor a limit on their age ended them. Most are of this kind,
    /// and need no further work.
    /// </summary>
    private const long ShortLife = Nanoseconds.PerSecond;

    /// <summary>Whether there is anything to compare: it lived for a while, or ended without a byte as probes do.</summary>
    public static bool IsWorthALook(Connection c) =>
        c.EndTime - c.StartTime >= ShortLife || c.Side(0).PayloadBytes + c.Side(1).PayloadBytes == 0;

    /// <summary>How it ended; null if no side did that by itself.</summary>
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
            return null; // an answer, and no decision of a program
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

    /// <summary>A handshake, and the client ended it without a byte from either side.</summary>
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
