using System.Globalization;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Reports;

/// <summary>Makes display filters of Wireshark that show one connection.</summary>
internal static class WiresharkFilter
{
    /// <summary>Returns the filter by stream number: exactly this connection, in the file that has the number.</summary>
    public static string OfStream(int stream) => string.Create(CultureInfo.InvariantCulture, $"tcp.stream eq {stream}");

    /// <summary>Returns the filter by endpoints, in the form of Wireshark's own Conversation Filter: for any file that has the connection.</summary>
    /// <param name="key">The endpoints.</param>
    /// <param name="hasNames">Whether one of the addresses represents the name of a host, so that only the ports are known.</param>
    public static string OfEndpoints(in FlowKey key, bool hasNames)
    {
        string ports = string.Create(CultureInfo.InvariantCulture, $"(tcp.port eq {key.Port0} and tcp.port eq {key.Port1})");
        if (hasNames)
            return ports;
        string address = key.IsIPv6 ? "ipv6.addr" : "ip.addr";
        return $"({address} eq {key.Address0.ToAddress(key.IsIPv6)} and {address} eq {key.Address1.ToAddress(key.IsIPv6)}) and {ports}";
    }
}
