namespace BrokenPipeTools.Primitives;

/// <summary>
/// The unit of all times and durations of packets and kernel events: a whole number of 64 bits, of a time since
/// 1970-01-01T00:00:00Z. Records have seconds.
/// </summary>
internal static class Nanoseconds
{
    public const long PerMicrosecond = 1_000;
    public const long PerMillisecond = 1_000_000;
    public const long PerSecond = 1_000_000_000;

    /// <summary>Returns a duration in seconds.</summary>
    public static double ToSeconds(long nanoseconds) => nanoseconds / (double)PerSecond;

    /// <summary>Returns a duration; one of more than 292 years is taken for the longest that 64 bits hold.</summary>
    public static long From(TimeSpan duration) =>
        Math.Clamp(duration.Ticks, long.MinValue / TimeSpan.NanosecondsPerTick, long.MaxValue / TimeSpan.NanosecondsPerTick) * TimeSpan.NanosecondsPerTick;

    /// <summary>Returns the nanoseconds since 1970 of a time of UTC.</summary>
    public static long Since1970(DateTime time) => From(time - DateTime.UnixEpoch);

    /// <summary>Returns the time of UTC that is so many nanoseconds after 1970, in whole ticks of 100 ns.</summary>
    public static DateTime ToTime(long nanoseconds) => DateTime.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
