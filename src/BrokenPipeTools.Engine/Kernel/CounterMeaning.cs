namespace BrokenPipeTools.Kernel;

/// <summary>A counter that is understood.</summary>
/// <param name="Section">Where the kernel prints it: see <see cref="CounterSection"/>.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Group">What kind of event it counts.</param>
/// <param name="KernelFunction">The functions of the kernel that count it, separated by ", "; those of Linux 6.1, or of the first version that has the counter.</param>
/// <param name="Meaning">What happened, in one sentence.</param>
/// <param name="Indicates">What a rise points to, with the causes that it stands for in brackets.</param>
internal sealed record CounterMeaning(string Section, string Name, TcpCounterGroup Group, string KernelFunction, string Meaning, string Indicates);
