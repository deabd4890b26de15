using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Decodes the most frequent kinds of frames in one step: Ethernet II, IPv4 without options and fragments or IPv6 without extension headers, TCP,
/// completely captured. All other and all doubtful frames are decoded layer by layer, which gives the same result for these kinds.
/// </summary>
internal static class OrdinaryFrame
{
    private const int IpAt = 14;
    private const int IPv4Length = 20;
    private const int IPv6Length = 40;
    private const ushort IPv4 = 0x0800;
    private const ushort IPv6 = 0x86DD;
    private const byte FiveWords = 0x45; // version 4, and a header without options
    private const byte Version6 = 6;
    private const int DontFragment = 0x4000;
    private const int IsFragment = 0x3FFF;

    /// <summary>Reads the headers.</summary>
    /// <param name="frame">A frame of an Ethernet.</param>
    /// <param name="segment">The segment without the fields of its options and payload.</param>
    /// <param name="fromAddresses">The bytes of the packet from its two addresses on; the TCP header follows them.</param>
    /// <returns>False for another kind of frame; <paramref name="segment"/> is then undefined.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(in Frame frame, out Segment segment, out ReadOnlySpan<byte> fromAddresses)
    {
        ReadOnlySpan<byte> b = frame.Data;
        Unsafe.SkipInit(out segment);
        fromAddresses = default;
        if (b.Length < IpAt + IPv4Length + TcpHeader.MinLength || b.Length != frame.OriginalLength)
            return false;
        bool isOrdinary = BinaryPrimitives.ReadUInt16BigEndian(b[(IpAt - 2)..]) switch
        {
            IPv4 => TryReadIPv4(b[IpAt..], out segment, out fromAddresses),
            IPv6 when b.Length >= IpAt + IPv6Length + TcpHeader.MinLength => TryReadIPv6(b[IpAt..], out segment, out fromAddresses),
            _ => false,
        };
        segment.Direction = frame.Direction;
        return isOrdinary;
    }

    /// <summary>The length of both addresses, which come directly before the TCP header.</summary>
    public static int AddressesLength(bool isIPv6) => isIPv6 ? 32 : 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadIPv4(ReadOnlySpan<byte> packet, out Segment segment, out ReadOnlySpan<byte> fromAddresses)
    {
        ref readonly IPv4Header ip = ref MemoryMarshal.AsRef<IPv4Header>(packet);
        int fragment = Host(ip.Fragment);
        Unsafe.SkipInit(out segment);
        fromAddresses = default;
        if (ip.VersionAndLength != FiveWords || ip.Protocol != IpProtocol.Tcp || (fragment & IsFragment) != 0
            || !TryReadTcp(packet, IPv4Length, Host(ip.TotalLength), ref segment))
            return false;
        fromAddresses = packet[(IPv4Length - AddressesLength(isIPv6: false))..Host(ip.TotalLength)];
        segment.Source = new IpBits(0, Host(ip.Source));
        segment.Destination = new IpBits(0, Host(ip.Destination));
        segment.IpIdentification = Host(ip.Identification);
        segment.TimeToLive = ip.TimeToLive;
        segment.TrafficClass = ip.TrafficClass;
        segment.DontFragment = (fragment & DontFragment) != 0;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryReadIPv6(ReadOnlySpan<byte> packet, out Segment segment, out ReadOnlySpan<byte> fromAddresses)
    {
        ref readonly IPv6Header ip = ref MemoryMarshal.AsRef<IPv6Header>(packet);
        uint first = Host(ip.VersionClassFlow);
        int length = IPv6Length + Host(ip.PayloadLength);
        Unsafe.SkipInit(out segment);
        fromAddresses = default;
        if (first >> 28 != Version6 || ip.NextHeader != IpProtocol.Tcp || !TryReadTcp(packet, IPv6Length, length, ref segment))
            return false;
        fromAddresses = packet[(IPv6Length - AddressesLength(isIPv6: true))..length];
        segment.IsIPv6 = true;
        segment.Source = IpBits.ReadIPv6(fromAddresses);
        segment.Destination = IpBits.ReadIPv6(fromAddresses[16..]);
        segment.TimeToLive = ip.HopLimit;
        segment.TrafficClass = (byte)(first >> 20);
        segment.DontFragment = true; // RFC 8200, section 5: routers do not fragment
        return true;
    }

    /// <summary>Reads the TCP header after an IP header of so many bytes, in a packet of so many bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadTcp(ReadOnlySpan<byte> packet, int ipLength, int length, ref Segment segment)
    {
        ref readonly Header tcp = ref MemoryMarshal.AsRef<Header>(packet[ipLength..]);
        int headerLength = (tcp.Offset >> 4) * 4;
        int payload = length - ipLength - headerLength;
        if (headerLength < TcpHeader.MinLength || payload < 0 || length > packet.Length || TrailingPadding.MayBe(payload))
            return false;
        segment = default;
        segment.SourcePort = Host(tcp.SourcePort);
        segment.DestinationPort = Host(tcp.DestinationPort);
        segment.Sequence = new SequenceNumber(Host(tcp.Sequence));
        segment.Acknowledgment = new SequenceNumber(Host(tcp.Acknowledgment));
        segment.PayloadLength = payload;
        segment.Window = Host(tcp.Window);
        segment.Flags = (TcpFlags)tcp.Flags;
        segment.ChecksumField = Host(tcp.Checksum);
        segment.HasFlags = true;
        segment.HasLength = true;
        segment.WindowScale = Segment.NoWindowScale;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Host(ushort network) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(network) : network;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Host(uint network) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(network) : network;

    /// <summary>RFC 791, section 3.1, in network byte order.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct IPv4Header
    {
        public readonly byte VersionAndLength;
        public readonly byte TrafficClass;
        public readonly ushort TotalLength;
        public readonly ushort Identification;
        public readonly ushort Fragment;
        public readonly byte TimeToLive;
        public readonly byte Protocol;
        private readonly ushort _checksum;
        public readonly uint Source;
        public readonly uint Destination;
    }

    /// <summary>RFC 8200, section 3, up to the addresses, in network byte order.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct IPv6Header
    {
        public readonly uint VersionClassFlow;
        public readonly ushort PayloadLength;
        public readonly byte NextHeader;
        public readonly byte HopLimit;
    }

    /// <summary>A TCP header without options (RFC 9293, section 3.1), in network byte order.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct Header
    {
        public readonly ushort SourcePort;
        public readonly ushort DestinationPort;
        public readonly uint Sequence;
        public readonly uint Acknowledgment;
        public readonly byte Offset;
        public readonly byte Flags;
        public readonly ushort Window;
        public readonly ushort Checksum;
        private readonly ushort _urgentPointer;
    }
}
