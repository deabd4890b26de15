using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Decodes the most frequent kind of frame in one step: Ethernet II, IPv4 without options and fragments, TCP, completely captured. All other and all
/// doubtful frames are decoded layer by layer, which gives the same result for this kind.
/// </summary>
internal static class OrdinaryFrame
{
    private const int EthernetLength = 14;
    private const int IPv4Length = 20;
    private const int TcpLength = 20;
    private const int SourceAt = EthernetLength + 12;
    private const ushort IPv4 = 0x0800;
    private const byte FiveWords = 0x45; // version 4, and a header without options
    private const int DontFragment = 0x4000;
    private const int IsFragment = 0x3FFF;

    /// <summary>Reads the headers.</summary>
    /// <param name="frame">A frame of an Ethernet.</param>
    /// <param name="segment">The segment without the fields of its options and payload.</param>
    /// <param name="fromAddresses">The bytes of the packet from the IPv4 addresses on; <see cref="TcpOffset"/> bytes later begins the TCP header.</param>
    /// <returns>False for another kind of frame; <paramref name="segment"/> is then undefined.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(in Frame frame, out Segment segment, out ReadOnlySpan<byte> fromAddresses)
    {
        ReadOnlySpan<byte> b = frame.Data;
        Unsafe.SkipInit(out segment);
        fromAddresses = default;
        if (b.Length < EthernetLength + IPv4Length + TcpLength || b.Length != frame.OriginalLength)
            return false;
        ref readonly Headers h = ref MemoryMarshal.AsRef<Headers>(b);
        int length = Host(h.TotalLength);
        int fragment = Host(h.Fragment);
        int headerLength = IPv4Length + ((h.TcpLength >> 4) * 4);
        int payload = length - headerLength;
        if (Host(h.EtherType) != IPv4 || h.VersionAndLength != FiveWords || h.Protocol != IpProtocol.Tcp || (fragment & IsFragment) != 0
            || headerLength < IPv4Length + TcpLength || payload < 0 || length > b.Length - EthernetLength || TrailingPadding.MayBe(payload))
            return false;
        fromAddresses = b[SourceAt..(EthernetLength + length)];
        segment = default;
        segment.Source = new IpBits(0, Host(h.Source));
        segment.Destination = new IpBits(0, Host(h.Destination));
        segment.SourcePort = Host(h.SourcePort);
        segment.DestinationPort = Host(h.DestinationPort);
        segment.Sequence = new SequenceNumber(Host(h.Sequence));
        segment.Acknowledgment = new SequenceNumber(Host(h.Acknowledgment));
        segment.PayloadLength = payload;
        segment.Window = Host(h.Window);
        segment.IpIdentification = Host(h.Identification);
        segment.Flags = (TcpFlags)h.Flags;
        segment.TimeToLive = h.TimeToLive;
        segment.TrafficClass = h.TrafficClass;
        segment.ChecksumField = Host(h.Checksum);
        segment.DontFragment = (fragment & DontFragment) != 0;
        segment.Direction = frame.Direction;
        segment.HasFlags = true;
        segment.HasLength = true;
        segment.WindowScale = Segment.NoWindowScale;
        return true;
    }

    /// <summary>The offset of the TCP header in the bytes from the IPv4 addresses on.</summary>
    public const int TcpOffset = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Host(ushort network) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(network) : network;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Host(uint network) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(network) : network;

    /// <summary>The three headers as they are in the frame, in network byte order (IEEE 802.3; RFC 791, section 3.1; RFC 9293, section 3.1).</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct Headers
    {
        private readonly ulong _ethernet; // the two MAC addresses
        private readonly uint _ethernetRest;
        public readonly ushort EtherType;
        public readonly byte VersionAndLength;
        public readonly byte TrafficClass;
        public readonly ushort TotalLength;
        public readonly ushort Identification;
        public readonly ushort Fragment;
        public readonly byte TimeToLive;
        public readonly byte Protocol;
        private readonly ushort _ipChecksum;
        public readonly uint Source;
        public readonly uint Destination;
        public readonly ushort SourcePort;
        public readonly ushort DestinationPort;
        public readonly uint Sequence;
        public readonly uint Acknowledgment;
        public readonly byte TcpLength;
        public readonly byte Flags;
        public readonly ushort Window;
        public readonly ushort Checksum;
        private readonly ushort _urgentPointer;
    }
}
