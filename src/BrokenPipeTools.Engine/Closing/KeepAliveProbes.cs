using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Closing;

/// <summary>Finds the keepalive probes that were not answered before a RST of the same side.</summary>
internal static class KeepAliveProbes
{
    /// <summary>The fewest unanswered probes before a RST that prove a keepalive time-out. A single one may be chance.</summary>
    public const int Fewest = 2;

    /// <summary>The largest deviation from the interval between probes, as a share of it: timers of a busy host fire late.</summary>
    private const double Tolerance = 0.25;

    /// <summary>The largest deviation in seconds for short intervals, which vary by the clock tick.</summary>
    private const double Tick = 0.2;

    /// <summary>
    /// A share of the interval. If a RST deviates less than this from the end of the interval, the keepalive timer sent it, even if the other side
    /// has sent something late.
    /// </summary>
    private const double Exact = 0.03;

    /// <summary>
    /// Counts the keepalive probes that the sender of the RST sent and that the other side did not answer. The probes are one interval apart, and the
    /// RST comes one interval after the last probe. Packets of the other side after the RST are ignored. Late payload before the RST (the path works
    /// again) is ignored if the RST comes exactly at the end of the interval.
    /// </summary>
    /// <returns>The number of probes, the place of the first one in the log, and whether the other side sent payload between the last probe and the RST.</returns>
    public static (int Count, LogPlace First, bool IsLate) BeforeReset(Connection c, LogPlace reset)
    {
        int end = c.Log.Get(reset).Sender;
        if (ResetShapes.Of(c.Log.Get(reset), c.Side(end)) != ResetShape.Active)
            return (0, LogPlace.None, false);
        LogPlace later = reset, first = LogPlace.None, late = LogPlace.None;
        int count = 0;
        double interval = 0;
        for (int i = reset.Index - 1; i >= 0; i--)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.IsIcmp || (o.Sender == end && o.Kind == ObservationKind.Rst) || (o.Sender != end && o.Kind is ObservationKind.KeepAlive or ObservationKind.Rst))
                continue; // a probe of the other side answers none; if one had arrived, this end would not have given up
            if (o.Sender != end && o.Length > 0 && count == 0 && !c.Log.IsGapBefore(later))
            {
                late = new LogPlace(i);
                continue;
            }

            if (o.Sender != end || o.Kind != ObservationKind.KeepAlive || c.Log.IsGapBefore(later))
                break;
            double between = Nanoseconds.ToSeconds(c.Log.Get(later).Time - o.Time);
            if (late.Exists && count == 0 && Nanoseconds.ToSeconds(c.Log.Get(late).Time - o.Time) < Tick)
                break; // this segment answers the probe
            double tolerance = late.Exists && count == 1 ? Exact : Tolerance;
            if (count > 0 && Math.Abs(between - interval) > Math.Max(late.Exists ? 0 : Tick, interval * tolerance))
                break;
            interval = count == 0 ? between : interval;
            later = first = new LogPlace(i);
            count++;
        }

        return (count, first, late.Exists);
    }
}
