namespace BrokenPipeTools.Primitives;

/// <summary>
/// The unit of all times and durations of packets and kernel events: a 64-bit integer. A time counts from 1970-01-01T00:00:00Z. The durations of
/// records are in seconds.
/// </summary>
internal static class Nanoseconds
{
    public const long PerMicrosecond = 1_000;
    public const long PerMillisecond = 1_000_000;
    public const long PerSecond = 1_000_000_000;

    /// <summary>Converts a duration to seconds.</summary>
    public static double ToSeconds(long nanoseconds) => nanoseconds / (double)PerSecond;

    /// <summary>Converts a duration to nanoseconds. A duration of more than 292 years becomes the longest that 64 bits hold.</summary>
    public static long From(TimeSpan duration) =>
        Math.Clamp(duration.Ticks, long.MinValue / TimeSpan.NanosecondsPerTick, long.MaxValue / TimeSpan.NanosecondsPerTick) * TimeSpan.NanosecondsPerTick;

    /// <summary>Converts a UTC time to nanoseconds since 1970.</summary>
    public static long Since1970(DateTime time) => From(time - DateTime.UnixEpoch);

    /// <summary>Converts nanoseconds since 1970 to a UTC time, in whole ticks of 100 ns.</summary>
    public static DateTime ToTime(long nanoseconds) => DateTime.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
