namespace BrokenPipeTools.Tests.Tracing;

/// <summary>A trace has the failed calls of every program, and of all tests in this process: none may run beside one that counts them.</summary>
[CollectionDefinition(nameof(LiveTraces), DisableParallelization = true)]
public sealed class LiveTraces;
