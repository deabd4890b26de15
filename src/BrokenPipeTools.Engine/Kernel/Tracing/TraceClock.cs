using System.Diagnostics;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>The clock of the trace: CLOCK_MONOTONIC in nanoseconds, which is also that of <see cref="Stopwatch"/> on Linux.</summary>
internal static class TraceClock
{
    /// <summary>The time now.</summary>
    public static long Now() => (long)(Stopwatch.GetTimestamp() * ((double)Nanoseconds.PerSecond / Stopwatch.Frequency));
}
