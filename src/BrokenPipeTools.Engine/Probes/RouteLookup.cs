using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>
/// Asks this machine for its route to an address, without sending a packet: connect(2) of a UDP socket stores the address and looks up the route (man 7
/// udp; Linux net/ipv4/datagram.c, __ip4_datagram_connect).
/// </summary>
internal static class RouteLookup
{
    private const int MulticastPrefix = 0xe; // 224.0.0.0/4 (RFC 1112)

    /// <summary>Returns whether a failed connect may have been caused by this machine's own routes (Linux net/ipv4/fib_semantics.c, fib_props).</summary>
    public static bool Concerns(string connect) => SocketErrors.Portable(connect) is "EINVAL" or "EACCES" or "EHOSTUNREACH" or "ENETUNREACH";

    /// <summary>
    /// Returns whether this machine has a route: false if the lookup fails with the same error as the connect. Returns null if the lookup does not show
    /// it, because it fails with another error, or because TCP itself rejects the address (multicast, broadcast: net/ipv4/tcp_ipv4.c, tcp_v4_connect).
    /// </summary>
    public static bool? Compare(IPEndPoint to, string connect)
    {
        if (to.Address.IsIPv6Multicast || to.Address is { AddressFamily: AddressFamily.InterNetwork } address && address.GetAddressBytes()[0] >> 4 == MulticastPrefix)
            return null;
        try
        {
            using Socket socket = new(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(to);
            return true;
        }
        catch (SocketException error)
        {
            return SocketErrors.Name(error) == connect ? false : null;
        }
    }
}
