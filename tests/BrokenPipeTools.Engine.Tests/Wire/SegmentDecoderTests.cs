using System.Net;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Wire;

public sealed class SegmentDecoderTests
{
    /// <summary>
    /// The link layer names another IP version than the packet has. tshark decodes such a packet as neither version; a host's stack does not check
    /// the version again.
    /// </summary>
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2", 0x86DD)]
    [InlineData("2001:db8::1", "2001:db8::2", 0x0800)]
    public void The_packets_IP_version_decides_if_the_EtherType_names_the_other_one(string source, string destination, ushort etherType)
    {
        TcpPacket packet = new() { Source = IPAddress.Parse(source), Destination = IPAddress.Parse(destination), Payload = [1, 2, 3] };
        Assert.Equal(3, Decode(Wrap.Type(etherType, packet.ToIp()), LinkType.Ethernet).PayloadLength);
    }

    /// <summary>Older macOS writes PKTAP with a link type for private use; frames that do not begin with its header stay unknown.</summary>
    [Fact]
    public void PKTAP_is_known_by_its_header_under_the_private_link_type()
    {
        byte[] frame = Wrap.Pktap(2, Wrap.Ethernet(new TcpPacket().ToIp()));
        Assert.Equal(PacketDirection.Outgoing, Decode(frame, LinkType.User2).Direction);
        Assert.Equal(DecodeOutcome.UnknownLinkType, new SegmentDecoder().Decode(new Frame { Number = 1, Time = 0, LinkType = LinkType.User2, OriginalLength = 60, Data = frame.AsSpan(1, 60) }, out _));
    }

    private static Segment Decode(byte[] frame, int linkType)
    {
        Assert.Equal(DecodeOutcome.Segment, new SegmentDecoder().Decode(new Frame { Number = 1, Time = 0, LinkType = linkType, OriginalLength = frame.Length, Data = frame }, out Segment s));
        return s;
    }

    /// <summary>An IPv4 packet without payload that was padded to Ethernet's 46 bytes, with the padding included in its length.</summary>
    [Theory]
    [InlineData(0, 6, TcpFlags.Ack, 0, 0)]
    [InlineData(4, 2, TcpFlags.Ack, 0, 0)]
    [InlineData(0, 6, TcpFlags.Fin | TcpFlags.Ack, 0, 0)]
    [InlineData(0, 6, TcpFlags.Rst, 0, 0)]
    [InlineData(0, 6, TcpFlags.Psh | TcpFlags.Ack, 0, 6)] // a program's zeros
    [InlineData(0, 6, TcpFlags.Ack, 1, 6)]
    [InlineData(0, 1, TcpFlags.Ack, 0, 1)] // a keepalive probe's byte
    [InlineData(0, 2, TcpFlags.Ack, 0, 2)]
    [InlineData(12, 6, TcpFlags.Ack, 0, 6)]
    public void Padding_inside_the_IP_length_is_not_payload(int options, int length, TcpFlags flags, byte last, int payload)
    {
        byte[] bytes = new byte[length];
        bytes[^1] = last;
        TcpPacket packet = new() { Flags = flags, Payload = bytes, Options = [.. Enumerable.Repeat((byte)1, options)] };
        Segment s = Decode(Wrap.Ethernet(packet.ToIp()), LinkType.Ethernet);
        Assert.Equal((payload, ChecksumState.Good), (s.PayloadLength, s.Checksum));
    }

    private readonly SegmentDecoder _decoder = new();

    [Fact]
    public void An_IPv4_length_of_zero_means_as_long_as_the_frame()
    {
        byte[] ip = new TcpPacket { Payload = TcpPacket.Bytes(1000) }.ToIp();
        ip[2] = ip[3] = 0;
        Assert.Equal(DecodeOutcome.Segment, Decode(Wrap.Ethernet(ip), out Segment s));
        Assert.Equal(1000, s.PayloadLength);
    }

    [Fact]
    public void An_IPv6_length_of_zero_means_as_long_as_the_frame()
    {
        byte[] ip = new TcpPacket { Source = Ip.A6, Destination = Ip.B6, Payload = TcpPacket.Bytes(1000) }.ToIp();
        ip[4] = ip[5] = 0;
        Assert.Equal(DecodeOutcome.Segment, Decode(Wrap.Ethernet(ip), out Segment s));
        Assert.Equal(1000, s.PayloadLength);
    }

    [Fact]
    public void A_length_beyond_the_frame_counts_the_bytes_of_the_frame()
    {
        byte[] ip = new TcpPacket { Payload = TcpPacket.Bytes(10) }.ToIp();
        ip[2] = 0x10;
        Assert.Equal(DecodeOutcome.Segment, Decode(Wrap.Ethernet(ip), out Segment s));
        Assert.Equal(10, s.PayloadLength);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0 }, new byte[] { 6, 0, 1, 4, 0, 0, 0, 0 })] // hop by hop
    [InlineData(new byte[] { 43, 0 }, new byte[] { 6, 0, 4, 0, 0, 0, 0, 0 })] // routing
    [InlineData(new byte[] { 60, 0 }, new byte[] { 43, 0, 1, 4, 0, 0, 0, 0, 6, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // two of them
    [InlineData(new byte[] { 44, 0 }, new byte[] { 6, 0, 0, 0, 0, 0, 0, 9 })] // an atomic fragment
    [InlineData(new byte[] { 51, 0 }, new byte[] { 6, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1 })] // authentication
    public void IPv6_extension_headers_are_stepped_over(byte[] first, byte[] headers)
    {
        TcpPacket packet = new() { Source = Ip.A6, Destination = Ip.B6, Payload = TcpPacket.Bytes(7), Extensions = (first[0], headers) };
        Assert.Equal(DecodeOutcome.Segment, Decode(Wrap.Ethernet(packet.ToIp()), out Segment s));
        Assert.Equal((7, ChecksumState.Good), (s.PayloadLength, s.Checksum));
    }

    [Theory]
    [InlineData(43, new byte[] { 6, 4, 0, 2 }, true)] // type 0 ends with the destination
    [InlineData(43, new byte[] { 6, 4, 4, 1, 1, 0, 0, 0 }, false)] // segment routing begins with it
    public void On_a_source_route_the_checksum_is_over_the_final_destination(byte first, byte[] start, bool last)
    {
        byte[] via = System.Net.IPAddress.Parse("2001:db8::77").GetAddressBytes();
        byte[] addresses = last ? [.. via, .. Ip.B6.GetAddressBytes()] : [.. Ip.B6.GetAddressBytes(), .. via];
        byte[] header = [.. start, .. new byte[8 - start.Length], .. addresses];
        TcpPacket packet = new() { Source = Ip.A6, Destination = Ip.B6, OnTheWire = (Ip.A6, System.Net.IPAddress.Parse("2001:db8::99")), Extensions = (first, header) };
        Assert.Equal(DecodeOutcome.Segment, Decode(Wrap.Ethernet(packet.ToIp()), out Segment s));
        Assert.Equal((packet.OnTheWire!.Value.Destination, ChecksumState.Good), (s.Destination.ToAddress(true), s.Checksum));
    }

    [Fact]
    public void For_a_mobile_host_the_checksum_is_over_the_home_address()
    {
        byte[] header = [6, 2, 1, 2, 0, 0, 201, 16, .. Ip.A6.GetAddressBytes()];
        TcpPacket packet = new() { Source = Ip.A6, Destination = Ip.B6, OnTheWire = (System.Net.IPAddress.Parse("2001:db8::99"), Ip.B6), Extensions = (60, header) };
        Assert.Equal(DecodeOutcome.Segment, Decode(Wrap.Ethernet(packet.ToIp()), out Segment s));
        Assert.Equal((packet.OnTheWire!.Value.Source, ChecksumState.Good), (s.Source.ToAddress(true), s.Checksum));
    }

    [Fact]
    public void An_IPv4_source_route_ends_with_the_destination_of_the_checksum()
    {
        TcpPacket packet = new() { Source = Ip.A4, Destination = Ip.B4 };
        byte[] plain = Ip.V4(Ip.A4, System.Net.IPAddress.Parse("192.0.2.99"), 6, packet.ToSegment());
        byte[] routed = [0x47, .. plain[1..20], 131, 7, 4, .. Ip.B4.GetAddressBytes(), 0, .. plain[20..]];
        routed[3] += 8;
        Assert.Equal(DecodeOutcome.Segment, Decode(Wrap.Ethernet(routed), out Segment s));
        Assert.Equal(("192.0.2.99", ChecksumState.Good), (s.Destination.ToAddress(false).ToString(), s.Checksum));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(11, 0)]
    public void A_segment_quoted_in_an_ICMP_error_is_marked(byte type, byte code)
    {
        byte[] quoted = new TcpPacket { SourcePort = 1234 }.ToIp();
        byte[] icmp = Ip.V4(Ip.A4, Ip.B4, 1, [type, code, 0, 0, 0, 0, 0, 0, .. quoted]);
        Assert.Equal(DecodeOutcome.QuotedSegment, Decode(Wrap.Ethernet(icmp), out Segment s));
        Assert.Equal((new IcmpKind(type, code), (ushort)1234), (s.Icmp, s.SourcePort));
    }

    [Fact]
    public void A_quotation_of_eight_bytes_still_names_the_connection()
    {
        byte[] quoted = new TcpPacket { SourcePort = 1234, Sequence = 99 }.ToIp()[..28];
        byte[] icmp = Ip.V4(Ip.A4, Ip.B4, 1, [3, 3, 0, 0, 0, 0, 0, 0, .. quoted]);
        Assert.Equal(DecodeOutcome.QuotedSegment, Decode(Wrap.Ethernet(icmp), out Segment s));
        Assert.Equal(((ushort)1234, 99u, false), (s.SourcePort, s.Sequence.Value, s.HasFlags));
    }

    [Fact]
    public void An_ICMPv6_error_is_an_observation_and_an_echo_is_not()
    {
        byte[] quoted = new TcpPacket { Source = Ip.A6, Destination = Ip.B6 }.ToIp();
        Assert.Equal(DecodeOutcome.QuotedSegment, Decode(Wrap.Ethernet(Ip.V6(Ip.B6, Ip.A6, 58, [1, 4, 0, 0, 0, 0, 0, 0, .. quoted])), out _));
        Assert.Equal(DecodeOutcome.NotTcp, Decode(Wrap.Ethernet(Ip.V6(Ip.B6, Ip.A6, 58, [128, 0, 0, 0, 0, 0, 0, 0, .. quoted])), out _));
    }

    [Fact]
    public void Strange_flags_are_kept()
    {
        TcpFlags all = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst | TcpFlags.Psh | TcpFlags.Ack | TcpFlags.Urg | TcpFlags.Ece | TcpFlags.Cwr;
        Assert.Equal(DecodeOutcome.Segment, Decode(Wrap.Ethernet(new TcpPacket { Flags = all, SourcePort = 0 }.ToIp()), out Segment s));
        Assert.Equal((all, (ushort)0), (s.Flags, s.SourcePort));
    }

    [Fact]
    public void A_wrong_checksum_is_noted_and_the_segment_kept()
    {
        Assert.Equal(DecodeOutcome.Segment, Decode(Wrap.Ethernet(new TcpPacket { BreakChecksum = true }.ToIp()), out Segment s));
        Assert.Equal(ChecksumState.Bad, s.Checksum);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_checksum_left_to_the_network_card_is_no_wrong_one(bool large)
    {
        TcpPacket packet = new() { Payload = TcpPacket.Bytes(100) };
        byte[] ip = packet.ToIp();
        int length = large ? 0 : 120;
        ushort partial = (ushort)~TcpPacket.Checksum([.. packet.Source.GetAddressBytes(), .. packet.Destination.GetAddressBytes(), 0, 6, (byte)(length >> 8), (byte)length]);
        (ip[36], ip[37]) = ((byte)(partial >> 8), (byte)partial);
        Decode(Wrap.Ethernet(ip), out Segment s);
        Assert.Equal(ChecksumState.Offloaded, s.Checksum);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1459)]
    [InlineData(1460)]
    [InlineData(65000)]
    public void Checksums_of_every_length_are_right(int length)
    {
        Assert.Equal(DecodeOutcome.Segment, Decode(Wrap.Ethernet(new TcpPacket { Payload = TcpPacket.Bytes(length) }.ToIp()), out Segment s));
        Assert.Equal(ChecksumState.Good, s.Checksum);
    }

    [Fact]
    public void Window_scale_and_timestamps_are_read_from_a_SYN()
    {
        byte[] options = [2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7];
        Decode(Wrap.Ethernet(new TcpPacket { Flags = TcpFlags.Syn, Options = options }.ToIp()), out Segment s);
        Assert.Equal(((byte)7, true), (s.WindowScale, s.HasTimestamps));
    }

    [Theory]
    [InlineData(new byte[] { 3, 0, 0, 0 })]
    [InlineData(new byte[] { 3, 1, 0, 0 })]
    [InlineData(new byte[] { 3, 200, 7, 0 })]
    [InlineData(new byte[] { 1, 1, 1, 3 })]
    public void Broken_options_end_the_list(byte[] options)
    {
        Decode(Wrap.Ethernet(new TcpPacket { Flags = TcpFlags.Syn, Options = options }.ToIp()), out Segment s);
        Assert.Equal(Segment.NoWindowScale, s.WindowScale);
    }

    [Fact]
    public void The_decoder_stops_at_endless_nesting()
    {
        byte[] ip = new TcpPacket().ToIp();
        for (int i = 0; i < 60; i++)
            ip = Ip.V4(Ip.A4, Ip.B4, 4, ip);
        Assert.Equal(DecodeOutcome.TooDeep, Decode(Wrap.Ethernet(ip), out _));
    }

    [Fact]
    public void Every_frame_is_counted_once_with_its_reason()
    {
        Decode(Wrap.Ethernet(new TcpPacket().ToIp()), out _);
        Decode(Wrap.Ethernet(Ip.V4(Ip.A4, Ip.B4, 50, [1, 2, 3, 4])), out _);
        Decode([1, 2, 3], out _);
        new SegmentDecoder().Decode(new Frame { Number = 1, Time = 0, LinkType = 147, OriginalLength = 1, Data = [0] }, out _);
        Assert.Equal((1, 1, 1), (_decoder.Count(DecodeOutcome.Segment), _decoder.Count(DecodeOutcome.Opaque), _decoder.Count(DecodeOutcome.Malformed)));
    }

    private DecodeOutcome Decode(byte[] frame, out Segment s) =>
        _decoder.Decode(new Frame { Number = 1, Time = 0, LinkType = 1, OriginalLength = frame.Length, Data = frame }, out s);
}
