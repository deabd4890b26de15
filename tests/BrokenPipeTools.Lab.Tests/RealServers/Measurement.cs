using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>The results of a case.</summary>
/// <param name="Tests">One result per address.</param>
/// <param name="Stall">The longest time for which this machine let a thread wait meanwhile.</param>
internal sealed record Measurement(TeardownTest[] Tests, TimeSpan Stall);
