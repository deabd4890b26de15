using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BrokenPipeTools.Lab.Networks;

/// <summary>The addresses of one link. They are addresses for documentation (RFC 5737, RFC 3849), which are not routed.</summary>
/// <param name="Prefix4">The first three bytes of the IPv4 addresses, with the dot after them; the prefix is /24.</param>
/// <param name="Prefix6">The first 64 bits of the IPv6 addresses, with both colons after them.</param>
internal sealed record Subnet(string Prefix4, string Prefix6)
{
    /// <summary>The number of the end that forwards packets, the router.</summary>
    public const int RouterEnd = 254;

    public const int HostEnd = 1;

    public static Subnet OfClient { get; } = new("192.0.2.", "2001:db8:1::");

    public static Subnet OfServer { get; } = new("198.51.100.", "2001:db8:2::");

    /// <summary>Returns the address of an end.</summary>
    public IPAddress Address(AddressFamily family, int end) => IPAddress.Parse(
        family == AddressFamily.InterNetworkV6 ? Prefix6 + end.ToString("x", CultureInfo.InvariantCulture) : Prefix4 + end.ToString(CultureInfo.InvariantCulture));

    /// <summary>Returns the command of ip(8) that gives an interface the address of an end.</summary>
    public string AddressOn(AddressFamily family, string link, int end) =>
        $"address add {Address(family, end)}{(family == AddressFamily.InterNetworkV6 ? "/64 nodad" : "/24")} dev {link}";

    /// <summary>Returns the command of ip(8) that routes packets for all other addresses to the router.</summary>
    public string RouteToRouter(AddressFamily family) => $"route add default via {Address(family, RouterEnd)}";
}
