using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>Converts printed times to nanoseconds since 1970-01-01. Times without a date are counted as times of that day.</summary>
internal sealed class TraceClock
{
    private const long Day = 86400 * Nanoseconds.PerSecond;

    /// <summary>The fewest digits after the decimal point with which equal times show that two packets are duplicates.</summary>
    private const int FineDigits = 4;

    private long _days;
    private long _last;
    private long _sum;

    /// <summary>Whether each time is the difference from the previous packet (tcpdump -ttt, tshark -t d).</summary>
    public bool IsDifference { get; set; }

    /// <summary>Returns the time of the next packet. Adds the missing parts of the time to <paramref name="lacks"/>.</summary>
    public long Next(in TraceTime time, ref FrameLacks lacks)
    {
        if (time.Form == TraceTimeForm.None)
        {
            lacks |= FrameLacks.Time | FrameLacks.Date | FrameLacks.FineTime;
            return _sum;
        }

        if (time.Digits < FineDigits)
            lacks |= FrameLacks.FineTime;
        if (time.Form == TraceTimeForm.Absolute)
            return _sum = Math.Max(time.Nanoseconds, 0);
        lacks |= FrameLacks.Date;
        if (IsDifference)
            return _sum = Math.Max(0, _sum + time.Nanoseconds);
        if (time.Form == TraceTimeForm.OfDay && time.Nanoseconds < _last - (Day / 2))
            _days++; // midnight has passed
        _last = time.Nanoseconds;
        return _sum = Math.Max(0, (_days * Day) + time.Nanoseconds);
    }

    /// <summary>
    /// Returns whether the times are differences: the first is 0, and many of the next are smaller than the one before. Times since the first packet
    /// only grow, except if the text contains two traces.
    /// </summary>
    public static bool AreDifferences(IEnumerable<TraceTime> times)
    {
        const int EnoughGrown = 10;
        const int EnoughCompared = 40;
        const int GrownForEachFall = 3;
        bool isOfDay = false; // only for tcpdump: its option -ttt is frequent, and -ttttt is not
        long? last = null;
        int grown = 0;
        int fallen = 0;
        foreach (TraceTime time in times)
        {
            if (time.Form is TraceTimeForm.Absolute or TraceTimeForm.None || (last is null && time.Nanoseconds != 0))
                return false;
            grown += time.Nanoseconds > last ? 1 : 0;
            fallen += time.Nanoseconds < last ? 1 : 0;
            if ((fallen == 0 && grown == EnoughGrown) || grown + fallen == EnoughCompared)
                break;
            last = time.Nanoseconds;
            isOfDay = time.Form == TraceTimeForm.OfDay;
        }

        return isOfDay ? fallen > 0 : fallen * GrownForEachFall > grown;
    }
}
