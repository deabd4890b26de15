using BrokenPipeTools.Wire;

namespace BrokenPipeTools.SocketModel;

/// <summary>Maps an ICMP error to its errno: net/ipv4/icmp.c, icmp_err_convert; net/ipv6/icmp.c, icmpv6_err_convert.</summary>
internal static class IcmpErrno
{
    /// <summary>Returns the errno of an ICMP error; none if TCP does not pass the error on (packet too big, redirect, source quench).</summary>
    public static CallResult Of(IcmpKind icmp, bool isIPv6) => (isIPv6, icmp.Type, icmp.Code) switch
    {
        (false, 3, > 15) => CallResult.None, // NR_ICMP_UNREACH
        (false, 3, 0 or 6 or 9 or 11) => CallResult.NetworkUnreachable,
        (false, 3, 2) => CallResult.NoProtocol,
        (false, 3, 3) => CallResult.Refused,
        (false, 3, 4) => CallResult.None,
        (false, 3, 5) => CallResult.NotSupported,
        (false, 3, 7) => CallResult.HostDown,
        (false, 3, 8) => CallResult.NoNetwork,
        (false, 3, _) => CallResult.HostUnreachable,
        (false, 11, 1) => CallResult.None, // icmp_unreach(): if a fragment did not arrive in time, the path is not the reason
        (false, 11, _) => CallResult.HostUnreachable,
        (false, 12, _) => CallResult.ProtocolError,
        (true, 1, 0) => CallResult.NetworkUnreachable,
        (true, 1, 1 or 5 or 6) => CallResult.AccessDenied,
        (true, 1, 4) => CallResult.Refused,
        (true, 1, > 6) => CallResult.ProtocolError, // codes above tab_unreach
        (true, 1, _) => CallResult.HostUnreachable,
        (true, 3, _) => CallResult.HostUnreachable,
        (true, 4, _) => CallResult.ProtocolError,
        _ => CallResult.None,
    };
}
