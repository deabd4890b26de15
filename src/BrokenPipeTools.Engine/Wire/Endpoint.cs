namespace BrokenPipeTools.Wire;

/// <summary>The address and the port of a TCP endpoint.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port; 0 for the host without a port.</param>
/// <param name="IsIPv6">The family of the address.</param>
internal readonly record struct Endpoint(IpBits Address, ushort Port, bool IsIPv6) : IPacketKey
{
    /// <summary>The host, without the port.</summary>
    public Endpoint Host => this with { Port = 0 };

    /// <inheritdoc/>
    public uint Hash(in HashSecret secret) => secret.Hash(Address, default, Port);
}
