using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Addresses and ports of a TCP segment, read from a frame without decoding it: enough to skip segments of other endpoints. It reads only the two
/// most frequent kinds of frames: Ethernet II with IPv4 without options and fragments, or with IPv6 without extension headers.
/// </summary>
internal readonly record struct FrameEndpoints(IpBits Source, IpBits Destination, ushort SourcePort, ushort DestinationPort, bool IsIPv6)
{
    private const int EtherTypeAt = 12;
    private const int IpAt = 14;
    private const int IPv4Length = 20;
    private const int IPv6Length = 40;
    private const int PortsLength = 4;
    private const int IPv4WithoutOptions = 0x45;
    private const int FragmentAt = IpAt + 6;
    private const int IsFragment = 0x3FFF;
    private const int IPv4ProtocolAt = IpAt + 9;
    private const int IPv4SourceAt = IpAt + 12;
    private const int IPv4DestinationAt = IpAt + 16;
    private const int IPv6ProtocolAt = IpAt + 6;
    private const int IPv6SourceAt = IpAt + 8;
    private const int IPv6DestinationAt = IpAt + 24;

    /// <summary>Reads the endpoints. Returns false for any other frame, which may also contain a segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(in Frame frame, out FrameEndpoints endpoints)
    {
        ReadOnlySpan<byte> b = frame.Data;
        endpoints = default;
        if (frame.LinkType != LinkType.Ethernet || b.Length < IpAt + IPv4Length + PortsLength)
            return false;
        int type = BinaryPrimitives.ReadUInt16BigEndian(b[EtherTypeAt..]);
        if (type == EtherType.IPv4 && b[IpAt] == IPv4WithoutOptions && b[IPv4ProtocolAt] == IpProtocol.Tcp
            && (BinaryPrimitives.ReadUInt16BigEndian(b[FragmentAt..]) & IsFragment) == 0)
        {
            endpoints = Of(IpBits.ReadIPv4(b[IPv4SourceAt..]), IpBits.ReadIPv4(b[IPv4DestinationAt..]), b[(IpAt + IPv4Length)..], isIPv6: false);
            return true;
        }

        if (type == EtherType.IPv6 && b[IpAt] >> 4 == 6 && b.Length >= IpAt + IPv6Length + PortsLength && b[IPv6ProtocolAt] == IpProtocol.Tcp)
        {
            endpoints = Of(IpBits.ReadIPv6(b[IPv6SourceAt..]), IpBits.ReadIPv6(b[IPv6DestinationAt..]), b[(IpAt + IPv6Length)..], isIPv6: true);
            return true;
        }

        return false;
    }

    /// <summary>Returns the endpoints of a decoded segment.</summary>
    public static FrameEndpoints Of(in Segment s) => new(s.Source, s.Destination, s.SourcePort, s.DestinationPort, s.IsIPv6);

    private static FrameEndpoints Of(IpBits source, IpBits destination, ReadOnlySpan<byte> tcp, bool isIPv6) =>
        new(source, destination, BinaryPrimitives.ReadUInt16BigEndian(tcp), BinaryPrimitives.ReadUInt16BigEndian(tcp[sizeof(ushort)..]), isIPv6);
}
