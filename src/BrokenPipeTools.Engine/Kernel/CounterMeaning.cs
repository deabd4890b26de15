namespace BrokenPipeTools.Kernel;

/// <summary>A counter with a description.</summary>
/// <param name="Section">The part of the kernel's files that contains the counter (<see cref="CounterSection"/>).</param>
/// <param name="Name">The name of the counter in that part.</param>
/// <param name="Group">The kind of event that it counts.</param>
/// <param name="KernelFunction">The kernel functions that increase the counter, separated by ", ". They are those of Linux 6.1, or of the first
/// version that has the counter.</param>
/// <param name="Meaning">The counted event, in one sentence.</param>
/// <param name="Indicates">The meaning of an increase, with its causes in brackets.</param>
internal sealed record CounterMeaning(string Section, string Name, TcpCounterGroup Group, string KernelFunction, string Meaning, string Indicates);
