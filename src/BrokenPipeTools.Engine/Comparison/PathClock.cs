namespace BrokenPipeTools.Comparison;

/// <summary>How the clock at the receiver's place differs from that at the sender's, for one connection.</summary>
/// <param name="IsKnown">False if no packet shows it.</param>
/// <param name="Ahead">Nanoseconds by which the receiver's clock is ahead.</param>
/// <param name="Tolerance">Nanoseconds that a packet takes at most, and by which times may be wrong.</param>
/// <param name="ComparedAt">When the clocks were compared, by either of them.</param>
internal readonly record struct PathClock(bool IsKnown, long Ahead, long Tolerance, long ComparedAt)
{
    /// <summary>The tolerance at a time: clocks drift.</summary>
    public long ToleranceAt(long time) => Tolerance + Math.Abs(time - ComparedAt) / ClockOffset.DriftPart;

    /// <summary>The clock for the other direction.</summary>
    public PathClock Reversed => this with { Ahead = -Ahead };
}
