namespace BrokenPipeTools.Wire;

/// <summary>An address and a port of TCP, as packets have them.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port; 0 for the host alone.</param>
/// <param name="IsIPv6">The family of the address.</param>
internal readonly record struct Endpoint(IpBits Address, ushort Port, bool IsIPv6) : IPacketKey
{
    /// <summary>The host alone, without the port.</summary>
    public Endpoint Host => this with { Port = 0 };

    /// <inheritdoc/>
    public uint Hash(in HashSecret secret) => secret.Hash(Address, default, Port);
}
