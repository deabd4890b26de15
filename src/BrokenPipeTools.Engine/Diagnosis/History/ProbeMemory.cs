using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Diagnosis.History;

/// <summary>Stores the connections without payload from one client to one server endpoint, and finds whether they come at a fixed period.</summary>
internal sealed class ProbeMemory : IReusable
{
    /// <summary>Nanoseconds. A program that retries connects again sooner than this; health probes do not.</summary>
    private const long ShortestPeriod = 450 * Nanoseconds.PerMillisecond;

    private const long Tolerance = 50 * Nanoseconds.PerMillisecond;
    private const double ToleranceShare = 0.05;

    private long _last = long.MinValue;
    private double _period;
    private int _intervals;

    public void Clear()
    {
        _last = long.MinValue;
        _intervals = 0;
    }

    /// <summary>Adds the next connection. Returns the number of earlier ones with the same period, and that period in seconds.</summary>
    public (int Before, double Period) Add(long time)
    {
        double interval = _last == long.MinValue ? 0 : (double)time - _last;
        _last = time;
        if (interval < ShortestPeriod)
        {
            _intervals = 0; // it is the first one, or time went backward
        }
        else if (_intervals > 0 && Math.Abs(interval - _period) <= Math.Max(Tolerance, _period * ToleranceShare))
        {
            _intervals++;
            _period += (interval - _period) / _intervals;
        }
        else
        {
            _intervals = 1;
            _period = interval;
        }

        return (_intervals, _period / Nanoseconds.PerSecond);
    }
}
