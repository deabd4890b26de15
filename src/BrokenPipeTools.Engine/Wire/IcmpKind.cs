namespace BrokenPipeTools.Wire;

/// <summary>The kind of an ICMP error (RFC 792; RFC 4443, section 3). Its meaning depends on the version of IP.</summary>
/// <param name="Type">Its type; 0, the type of IPv4's echo reply, means that there is no error.</param>
/// <param name="Code">Its code.</param>
internal readonly record struct IcmpKind(byte Type, byte Code);
