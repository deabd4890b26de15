namespace BrokenPipeTools.Diagnosis;

/// <summary>The errno that an ICMP error becomes: net/ipv4/icmp.c, icmp_err_convert; net/ipv6/icmp.c, icmpv6_err_convert.</summary>
internal static class IcmpErrno
{
    /// <summary>Null for an error that TCP does not pass on (packet too big, redirect, source quench).</summary>
    public static string? Of(byte type, byte code, bool isIPv6) => (isIPv6, type, code) switch
    {
        (false, 3, 0 or 6 or 9 or 11) => CallResult.NetworkUnreachable,
        (false, 3, 2) => CallResult.NoProtocol,
        (false, 3, 3) => CallResult.Refused,
        (false, 3, 4) => null,
        (false, 3, 7) => "EHOSTDOWN",
        (false, 3, _) => CallResult.HostUnreachable,
        (false, 11, _) => CallResult.HostUnreachable,
        (true, 1, 0) => CallResult.NetworkUnreachable,
        (true, 1, 1 or 5 or 6) => "EACCES",
        (true, 1, 4) => CallResult.Refused,
        (true, 1, _) => CallResult.HostUnreachable,
        (true, 3, _) => CallResult.HostUnreachable,
        _ => null,
    };
}
