using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Decodes the most frequent kind of frame in one step: Ethernet II, IPv4 without options and fragments, TCP, completely captured. All other and all
/// doubtful frames are decoded layer by layer, which gives the same result for this kind.
/// </summary>
internal static class OrdinaryFrame
{
    private const int TypeAt = 12;
    private const int EthernetLength = 14;
    private const int IPv4Length = 20;
    private const int TcpLength = 20;
    private const int TrafficClassAt = EthernetLength + 1;
    private const int TotalLengthAt = EthernetLength + 2;
    private const int IdentificationAt = EthernetLength + 4;
    private const int FragmentAt = EthernetLength + 6;
    private const int TimeToLiveAt = EthernetLength + 8;
    private const int ProtocolAt = EthernetLength + 9;
    private const int SourceAt = EthernetLength + 12;
    private const int DestinationAt = EthernetLength + 16;

    /// <summary>The EtherType, then version 4 and a header of five words.</summary>
    private const uint IPv4WithoutOptions = 0x0800_45;

    private const int DontFragment = 0x4000;
    private const int IsFragment = 0x3FFF;

    /// <summary>Reads the headers. Returns false for another kind of frame; <paramref name="segment"/> is then undefined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(in Frame frame, out Segment segment, out TcpHeader tcp)
    {
        ReadOnlySpan<byte> b = frame.Data;
        Unsafe.SkipInit(out segment);
        tcp = default;
        if (b.Length < EthernetLength + IPv4Length + TcpLength || b.Length != frame.OriginalLength
            || BinaryPrimitives.ReadUInt32BigEndian(b[TypeAt..]) >> 8 != IPv4WithoutOptions || b[ProtocolAt] != IpProtocol.Tcp)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(b[TotalLengthAt..]);
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(b[FragmentAt..]);
        if ((fragment & IsFragment) != 0 || length < IPv4Length + TcpLength || length > b.Length - EthernetLength)
            return false;
        TcpHeader.TryRead(b.Slice(EthernetLength + IPv4Length, length - IPv4Length), out tcp);
        int payload = length - IPv4Length - tcp.Length;
        if (tcp.Length < TcpLength || payload < 0 || TrailingPadding.MayBe(payload))
            return false;
        segment = default;
        segment.Source = IpBits.ReadIPv4(b[SourceAt..]);
        segment.Destination = IpBits.ReadIPv4(b[DestinationAt..]);
        segment.TimeToLive = b[TimeToLiveAt];
        segment.IpIdentification = BinaryPrimitives.ReadUInt16BigEndian(b[IdentificationAt..]);
        segment.DontFragment = (fragment & DontFragment) != 0;
        segment.TrafficClass = b[TrafficClassAt];
        segment.Direction = frame.Direction;
        segment.HasFlags = true;
        segment.HasLength = true;
        segment.WindowScale = Segment.NoWindowScale;
        segment.PayloadLength = payload;
        segment.TakeNumbers(tcp);
        segment.TakeHeader(tcp);
        return true;
    }
}
