using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Closing;

/// <summary>How long a connection was half-closed (RFC 9293, section 3.6).</summary>
internal static class HalfClosedSpan
{
    /// <summary>
    /// Returns the nanoseconds from the first FIN to the other side's FIN, to the effective RST, or to the end of the capture. Returns -1 if a RST
    /// came before any FIN, if no FIN came, or if the log does not have the FIN.
    /// </summary>
    /// <param name="c">The connection.</param>
    /// <param name="until">The end of the time that the capture shows, in nanoseconds since 1970.</param>
    public static long Of(Connection c, long until)
    {
        if (!c.Close.HasBegun)
            return -1;
        int first = -1;
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            bool counts = o.Kind == ObservationKind.Rst && CloseClassifier.ResetTaken(c, o.Sender) && o.At >= c.Side(o.Sender).EffectiveRstAt;
            if (first >= 0 && (counts || (o.Kind == ObservationKind.Fin && o.Sender != c.Log.Get(first).Sender)))
                return Math.Max(0, o.Time - c.Log.Get(first).Time);
            if (first < 0 && o.Kind == ObservationKind.Fin)
                first = i;
            if (first < 0 && counts)
                return -1;
        }

        return first < 0 ? -1 : Math.Max(0, until - c.StartTime - c.Log.Get(first).Time);
    }
}
