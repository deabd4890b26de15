using System.Globalization;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Reports;

/// <summary>Display filters of Wireshark that show one connection.</summary>
internal static class WiresharkFilter
{
    /// <summary>By number: exactly this connection, in the file that has the number.</summary>
    public static string OfStream(int stream) => string.Create(CultureInfo.InvariantCulture, $"tcp.stream eq {stream}");

    /// <summary>By endpoints, in Wireshark's own words (Conversation Filter, TCP): in any file that has the connection.</summary>
    /// <param name="key">The endpoints.</param>
    /// <param name="hasNames">One of the addresses stands for the name of a host: only the ports are known.</param>
    public static string OfEndpoints(in FlowKey key, bool hasNames)
    {
        string ports = string.Create(CultureInfo.InvariantCulture, $"(tcp.port eq {key.Port0} and tcp.port eq {key.Port1})");
        if (hasNames)
            return ports;
        string address = key.IsIPv6 ? "ipv6.addr" : "ip.addr";
        return $"({address} eq {key.Address0.ToAddress(key.IsIPv6)} and {address} eq {key.Address1.ToAddress(key.IsIPv6)}) and {ports}";
    }
}
