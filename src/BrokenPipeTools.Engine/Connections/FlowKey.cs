using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// The two endpoints of a connection in a fixed order, so that both directions have the same key. End 0 is the lower endpoint.
/// </summary>
internal readonly record struct FlowKey(IpBits Address0, IpBits Address1, ushort Port0, ushort Port1, bool IsIPv6) : IPacketKey
{
    /// <summary>Returns the key of a segment, and the end that sent it.</summary>
    public static FlowKey Of(in Segment s, out int sender)
    {
        sender = SenderOf(s);
        return Of(s, sender);
    }

    /// <summary>Returns the end that sent a segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SenderOf(in Segment s) => IsFromUpper(s.Source, s.Destination, s.SourcePort, s.DestinationPort) ? 1 : 0;

    /// <summary>Returns the key of a segment of which only the endpoints were read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlowKey Of(in FrameEndpoints ends) =>
        IsFromUpper(ends.Source, ends.Destination, ends.SourcePort, ends.DestinationPort)
            ? new FlowKey(ends.Destination, ends.Source, ends.DestinationPort, ends.SourcePort, ends.IsIPv6)
            : new FlowKey(ends.Source, ends.Destination, ends.SourcePort, ends.DestinationPort, ends.IsIPv6);

    /// <summary>Returns the key of a segment that an end sent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlowKey Of(in Segment s, int sender) =>
        sender == 1
            ? new FlowKey(s.Destination, s.Source, s.DestinationPort, s.SourcePort, s.IsIPv6)
            : new FlowKey(s.Source, s.Destination, s.SourcePort, s.DestinationPort, s.IsIPv6);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Hash(in HashSecret secret) => secret.Hash(Address0, Address1, (uint)Port0 << 16 | Port1);

    /// <summary>Returns the hash of the key of a segment, without making the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint HashOf(in Segment s, int sender, in HashSecret secret) =>
        sender == 0
            ? secret.Hash(s.Source, s.Destination, (uint)s.SourcePort << 16 | s.DestinationPort)
            : secret.Hash(s.Destination, s.Source, (uint)s.DestinationPort << 16 | s.SourcePort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFromUpper(IpBits source, IpBits destination, ushort sourcePort, ushort destinationPort) =>
        source.High != destination.High ? source.High > destination.High
        : source.Low != destination.Low ? source.Low > destination.Low
        : sourcePort > destinationPort;
}
