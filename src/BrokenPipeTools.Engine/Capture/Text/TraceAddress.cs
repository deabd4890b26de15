namespace BrokenPipeTools.Capture.Text;

/// <summary>The address of a host of a text trace: its own, or a number that stands for its name. IPv4 is in the low 32 bits of <paramref name="Low"/>.</summary>
internal readonly record struct TraceAddress(ulong High, ulong Low, bool IsIPv6);
