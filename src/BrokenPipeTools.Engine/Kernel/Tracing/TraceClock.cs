using System.Diagnostics;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>The clock of the trace: CLOCK_MONOTONIC in nanoseconds, which is also that of <see cref="Stopwatch"/> on Linux.</summary>
internal static class TraceClock
{
    /// <summary>The time now.</summary>
    public static long Now() => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    /// <summary>Returns a time in the clock's unit.</summary>
    public static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
