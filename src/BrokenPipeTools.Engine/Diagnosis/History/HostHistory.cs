using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.History;

/// <summary>
/// Stores the connections that were reported so far. Each connection is compared with those before it, and then added. The memory is bounded: if
/// there are too many entries of one kind, the least recently used one is removed. Times are those of the capture.
/// </summary>
internal sealed class HostHistory
{
    /// <summary>The most hosts, server endpoints and probing clients that are stored, each. They need a megabyte at most.</summary>
    public const int Capacity = 1024;

    private readonly RecentTable<Endpoint, EndpointMemory> _endpoints = new(Capacity);
    private readonly RecentTable<Endpoint, HostMemory> _hosts = new(Capacity);
    private readonly RecentTable<ProberKey, ProbeMemory> _probers = new(Capacity);

    /// <summary>The number of stored entries of all kinds.</summary>
    public int Count => _endpoints.Count + _hosts.Count + _probers.Count;

    /// <summary>Finds the properties that this connection shares with earlier ones, and adds it to the history. Returns null if it shares none.</summary>
    public CloseNeighbors? CompareAndAdd(Connection connection, int client, CloseState state)
    {
        if (!EndedConnection.IsWorthALook(connection) || EndedConnection.Of(connection, client, state) is not { } ended)
            return null;
        if (ended.IsBareConnect(connection))
            return AddProbe(connection, client);
        EndpointMemory endpoint = _endpoints[connection.Endpoint(1 - client)];
        HostMemory host = _hosts[connection.Endpoint(ended.Closer).Host];
        CloseNeighbors neighbors = endpoint.Compare(ended, host.Burst(ended, connection.StartTime));
        endpoint.Add(ended);
        host.Add(ended, connection.StartTime);
        return neighbors.IsEmpty ? null : neighbors;
    }

    private CloseNeighbors? AddProbe(Connection connection, int client)
    {
        (int before, double period) = _probers[new ProberKey(connection.Endpoint(client).Address, connection.Endpoint(1 - client))].Add(connection.StartTime);
        return before >= CloseNeighbors.FewestEqual ? new CloseNeighbors { Probes = before, Period = period } : null;
    }

    /// <summary>A client and the server endpoint that it connects to.</summary>
    private readonly record struct ProberKey(IpBits Client, Endpoint Server) : IPacketKey
    {
        /// <inheritdoc/>
        public uint Hash(in HashSecret secret) => secret.Hash(Client, Server.Address, Server.Port);
    }
}
