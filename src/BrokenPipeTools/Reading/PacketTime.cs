using System.Management.Automation;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reading;

/// <summary>Reads the time of a packet in the formats of other programs.</summary>
internal static class PacketTime
{
    private const long LastSecond = long.MaxValue / Nanoseconds.PerSecond; // in the year 2262

    // libpcap reads the 32 bits of a file as a signed number, and SharpPcap converts it to ulong. From 2038 on, the seconds are 2^64 minus a number.
    private const decimal TwoTo32 = 1L << 32;
    private const decimal TwoTo64 = ulong.MaxValue + 1m;
    private const decimal NegativeSeconds = TwoTo64 - (TwoTo32 / 2);

    /// <summary>
    /// Reads a time as nanoseconds since 1970-01-01T00:00:00Z. The value may be a DateTime, a DateTimeOffset, or an object such as SharpPcap's
    /// PosixTimeval. Of such an object it reads the decimal Value (seconds, with nanoseconds); without that, Seconds and MicroSeconds; without these,
    /// Date. Returns false for anything else, and for a time before 1970.
    /// </summary>
    public static bool TryRead(object? value, out long time)
    {
        time = 0;
        return value switch
        {
            null => false,
            DateTime date => TryConvert(date, out time),
            DateTimeOffset date => TryConvert(date.UtcDateTime, out time),
            _ when ObjectMembers.Read(value, "Value") is decimal seconds => TryConvert(seconds, out time),
            _ when ObjectMembers.Has(value, "Seconds") => TryAdd(ObjectMembers.Read(value, "Seconds"), ObjectMembers.Read(value, "MicroSeconds"), out time),
            _ => ObjectMembers.Read(value, "Date") is DateTime date && TryConvert(date, out time),
        };
    }

    /// <summary>Converts a DateTime. Without a zone it is local, as in PowerShell.</summary>
    private static bool TryConvert(DateTime date, out long time)
    {
        TimeSpan since = date.ToUniversalTime() - DateTime.UnixEpoch;
        return TryConvert(since.Ticks / (decimal)TimeSpan.TicksPerSecond, out time);
    }

    private static bool TryAdd(object? seconds, object? microseconds, out long time)
    {
        time = 0;
        return seconds is not null
            && LanguagePrimitives.TryConvertTo(seconds, out decimal whole)
            && LanguagePrimitives.TryConvertTo(microseconds ?? 0, out decimal fraction)
            && Math.Abs(whole) < TwoTo64
            && Math.Abs(fraction) < TwoTo64
            && TryConvert(whole + (fraction / (Nanoseconds.PerSecond / Nanoseconds.PerMicrosecond)), out time);
    }

    private static bool TryConvert(decimal seconds, out long time)
    {
        if (seconds >= NegativeSeconds)
            seconds += TwoTo32 - TwoTo64;
        bool isInRange = seconds is >= 0 and < LastSecond;
        time = isInRange ? (long)decimal.Round(seconds * Nanoseconds.PerSecond) : 0;
        return isInRange;
    }
}
