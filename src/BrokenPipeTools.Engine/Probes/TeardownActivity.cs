using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>A probe in progress, for a display of progress.</summary>
/// <param name="Target">The target.</param>
/// <param name="Probe">The kind of probe.</param>
/// <param name="Iteration">The number of the iteration, from 1.</param>
/// <param name="Elapsed">The time since it began.</param>
/// <param name="Remaining">The longest time until it ends; it may end sooner.</param>
public sealed record TeardownActivity(TeardownTarget Target, TeardownProbeKind Probe, int Iteration, TimeSpan Elapsed, TimeSpan Remaining);
