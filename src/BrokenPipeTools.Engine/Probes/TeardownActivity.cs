using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>A probe that is being made, for a display of progress.</summary>
/// <param name="Target">Whom.</param>
/// <param name="Probe">How.</param>
/// <param name="Iteration">For the how manyth time, from 1.</param>
/// <param name="Elapsed">Since it began.</param>
/// <param name="Remaining">At most so long until its waiting is over; it may end at any moment before.</param>
public sealed record TeardownActivity(TeardownTarget Target, TeardownProbeKind Probe, int Iteration, TimeSpan Elapsed, TimeSpan Remaining);
