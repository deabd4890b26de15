namespace BrokenPipeTools.Wire;

/// <summary>The ICMP error that the current header is quoted in; type 0 if there is none.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Code">Its code.</param>
/// <param name="Mtu">The MTU that it reports; 0 for none.</param>
/// <param name="From">Its sender.</param>
internal readonly record struct IcmpQuotation(byte Type, byte Code, int Mtu, IpBits From);
