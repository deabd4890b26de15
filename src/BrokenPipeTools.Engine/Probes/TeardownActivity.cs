using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>A probe that is in progress, for showing progress.</summary>
/// <param name="Target">The target.</param>
/// <param name="Probe">The kind of probe.</param>
/// <param name="Iteration">The number of the iteration, from 1.</param>
/// <param name="Elapsed">The time since the probe began.</param>
/// <param name="Remaining">The longest time until the probe ends. It may end sooner.</param>
public sealed record TeardownActivity(TeardownTarget Target, TeardownProbeKind Probe, int Iteration, TimeSpan Elapsed, TimeSpan Remaining);
