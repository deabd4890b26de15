namespace BrokenPipeTools.Tests.Robustness;

/// <summary>The collection of tests that look at the whole process or machine (memory, sockets, namespaces): no other test runs beside them.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;
