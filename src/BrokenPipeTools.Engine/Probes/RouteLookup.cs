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
    /// <summary>Returns whether a failed connect may have been caused by this machine's own routes (Linux net/ipv4/fib_semantics.c, fib_props).</summary>
    public static bool Concerns(string connect) => SocketErrors.Portable(connect) is "EINVAL" or "EACCES" or "EHOSTUNREACH" or "ENETUNREACH";

    /// <summary>Returns the error of the lookup; null if this machine has a route, or cannot make the lookup.</summary>
    public static string? ErrorOf(IPEndPoint to)
    {
        Socket socket;
        try
        {
            socket = new Socket(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        }
        catch (SocketException)
        {
            return null;
        }

        using (socket)
        {
            try
            {
                socket.Connect(to);
                return null;
            }
            catch (SocketException error)
            {
                return SocketErrors.Name(error);
            }
        }
    }
}
