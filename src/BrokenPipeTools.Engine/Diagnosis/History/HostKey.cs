using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.History;

/// <summary>An address, with the port or without: 0.</summary>
internal readonly record struct HostKey(IpBits Address, bool IsIPv6, ushort Port) : IPacketKey
{
    public static HostKey Endpoint(in FlowKey key, int end) =>
        end == 0 ? new HostKey(key.Address0, key.IsIPv6, key.Port0) : new HostKey(key.Address1, key.IsIPv6, key.Port1);

    public static HostKey Host(in FlowKey key, int end) => Endpoint(key, end) with { Port = 0 };

    /// <inheritdoc/>
    public uint Hash(in HashSecret secret) => secret.Hash(Address, default, Port);
}
