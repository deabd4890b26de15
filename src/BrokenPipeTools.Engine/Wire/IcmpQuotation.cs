namespace BrokenPipeTools.Wire;

/// <summary>The ICMP error that quotes the current header; type 0 if there is none.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Mtu">The MTU that it reports; 0 for none.</param>
/// <param name="From">Its sender.</param>
internal readonly record struct IcmpQuotation(IcmpKind Kind, int Mtu, IpBits From);
