namespace BrokenPipeTools.Tests.Robustness;

/// <summary>The collection of tests that examine the whole process or machine (memory, sockets, namespaces): no other test runs at the same time.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;
