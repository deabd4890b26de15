namespace BrokenPipeTools.Tests.Tracing;

/// <summary>
/// The collection of tests that trace the kernel. A trace contains the failed calls of all programs and tests, so no other test may run at the same
/// time as one that counts them.
/// </summary>
[CollectionDefinition(nameof(LiveTraces), DisableParallelization = true)]
public sealed class LiveTraces;
