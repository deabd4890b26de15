namespace BrokenPipeTools.Kernel;

/// <summary>A counter as the kernel prints it.</summary>
internal readonly record struct CounterValue(string Section, string Name, long Value);
