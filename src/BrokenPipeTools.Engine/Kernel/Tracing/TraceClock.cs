using System.Diagnostics;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>The clock of the trace: CLOCK_MONOTONIC in nanoseconds. On Linux, <see cref="Stopwatch"/> uses the same clock.</summary>
internal static class TraceClock
{
    /// <summary>Returns the current time.</summary>
    public static long Now() => (long)(Stopwatch.GetTimestamp() * ((double)Nanoseconds.PerSecond / Stopwatch.Frequency));
}
