namespace BrokenPipeTools.Kernel;

/// <summary>A counter with a description.</summary>
/// <param name="Section">Where the kernel prints it: see <see cref="CounterSection"/>.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Group">The kind of event that it counts.</param>
/// <param name="KernelFunction">The functions of the kernel that count it, separated by ", "; those of Linux 6.1, or of the first version that has the counter.</param>
/// <param name="Meaning">The counted event, in one sentence.</param>
/// <param name="Indicates">The meaning of a rise, with its causes in brackets.</param>
internal sealed record CounterMeaning(string Section, string Name, TcpCounterGroup Group, string KernelFunction, string Meaning, string Indicates);
