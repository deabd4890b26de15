namespace BrokenPipeTools.Comparison;

/// <summary>The difference between the clocks at the receiver's and the sender's place, for one connection.</summary>
/// <param name="IsKnown">False if no packet shows the difference.</param>
/// <param name="Ahead">Nanoseconds by which the receiver's clock is ahead.</param>
/// <param name="Tolerance">Nanoseconds that a packet takes at most, which is also the largest error of times.</param>
/// <param name="ComparedAt">The time at which the clocks were compared, by either clock, in nanoseconds since 1970.</param>
internal readonly record struct PathClock(bool IsKnown, long Ahead, long Tolerance, long ComparedAt)
{
    /// <summary>Returns the tolerance at a time. It grows with the distance from <see cref="ComparedAt"/>, because clocks drift.</summary>
    public long ToleranceAt(long time) => Tolerance + Math.Abs(time - ComparedAt) / ClockOffset.DriftPart;

    /// <summary>The clock difference for packets in the other direction.</summary>
    public PathClock Reversed => this with { Ahead = -Ahead };
}
