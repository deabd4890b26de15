using System.Net;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Summaries;

/// <summary>A client's address, and the endpoint of the server that it connects to.</summary>
/// <param name="Client">The client's address; 0 if the client is known by name.</param>
/// <param name="Server">The server's endpoint, of the same family. Its address is 0 if the server is known by name.</param>
/// <param name="Names">The texts for client and server if one of them is a name; null if both are addresses.</param>
internal readonly record struct PairKey(IpBits Client, Endpoint Server, (string Client, string Server)? Names = null) : IPacketKey
{
    /// <summary>Makes a pair from the addresses or names of a record.</summary>
    public static PairKey Of(string client, in EndpointText server)
    {
        ushort port = (ushort)server.Port;
        if (!IPAddress.TryParse(client, out IPAddress? from) || !IPAddress.TryParse(server.Address, out IPAddress? to) || from.AddressFamily != to.AddressFamily)
            return new PairKey(default, new Endpoint(default, port, IsIPv6: false), (client, server.Address));
        (byte[] a, byte[] b) = (from.GetAddressBytes(), to.GetAddressBytes());
        return a.Length == 16
            ? new PairKey(IpBits.ReadIPv6(a), new Endpoint(IpBits.ReadIPv6(b), port, IsIPv6: true))
            : new PairKey(IpBits.ReadIPv4(a), new Endpoint(IpBits.ReadIPv4(b), port, IsIPv6: false));
    }

    /// <inheritdoc/>
    public uint Hash(in HashSecret secret) => secret.Hash(Client, Server.Address, (ulong)(uint)Names.GetHashCode() << 32 | Server.Port);

    /// <summary>Returns the pair as text: 10.0.0.1 > 10.0.0.2:443.</summary>
    public override string ToString()
    {
        (string client, string server) = Names ?? (Client.ToAddress(Server.IsIPv6).ToString(), Server.Address.ToAddress(Server.IsIPv6).ToString());
        return $"{client} > {new EndpointText(server, Server.Port)}";
    }
}
