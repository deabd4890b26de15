using System.Net;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Wire;

/// <summary>The decoder must return the same segment for every encapsulation.</summary>
public sealed class EncapsulationTests
{
    public static TheoryData<string, bool> Wrappings()
    {
        TheoryData<string, bool> data = [];
        foreach (string name in Wrap.All.Keys)
        {
            data.Add(name, false);
            data.Add(name, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Wrappings))]
    public void A_segment_is_decoded_from_every_encapsulation(string wrapping, bool ipv6)
    {
        TcpPacket packet = Packet(ipv6);
        (DecodeOutcome outcome, Segment s) = Decode(wrapping, packet.ToIp());
        Assert.Equal(DecodeOutcome.Segment, outcome);
        Assert.Equal(packet.Source, s.Source.ToAddress(s.IsIPv6));
        Assert.Equal(packet.Destination, s.Destination.ToAddress(s.IsIPv6));
        Assert.Equal((packet.SourcePort, packet.DestinationPort), (s.SourcePort, s.DestinationPort));
        Assert.Equal((packet.Sequence, packet.Acknowledgment, packet.Flags, packet.Window), (s.Sequence.Value, s.Acknowledgment.Value, s.Flags, s.Window));
        Assert.Equal((packet.Payload.Length, packet.TimeToLive), (s.PayloadLength, s.TimeToLive));
        Assert.Equal(ChecksumState.Good, s.Checksum);
        Assert.True(s.HasLength);
    }

    [Theory]
    [MemberData(nameof(Wrappings))]
    public void A_frame_cut_anywhere_is_reported_as_cut(string wrapping, bool ipv6)
    {
        TcpPacket packet = Packet(ipv6);
        (int linkType, byte[] frame) = Frame(wrapping, packet.ToIp());
        for (int length = 0; length < frame.Length; length++)
        {
            DecodeOutcome outcome = Decode(linkType, frame[..length], frame.Length, out Segment s);
            if (outcome != DecodeOutcome.Segment)
            {
                Assert.True(outcome is DecodeOutcome.Snapped or DecodeOutcome.Malformed or DecodeOutcome.Opaque or DecodeOutcome.NotTcp or DecodeOutcome.UnknownProtocol, $"{outcome} at {length}");
                continue;
            }

            Assert.Equal((packet.SourcePort, packet.Sequence, packet.Flags), (s.SourcePort, s.Sequence.Value, s.Flags));
            Assert.Equal(packet.Payload.Length, s.PayloadLength); // from the header, whatever was captured
        }
    }

    /// <summary>The packet is short on the wire: a damaged frame, or a capture that does not record the cut.</summary>
    [Theory]
    [MemberData(nameof(Wrappings))]
    public void A_packet_that_ends_anywhere_has_an_outcome(string wrapping, bool ipv6)
    {
        TcpPacket packet = Packet(ipv6);
        (int linkType, byte[] frame) = Frame(wrapping, packet.ToIp());
        for (int length = 0; length < frame.Length; length++)
        {
            DecodeOutcome outcome = Decode(linkType, frame[..length], length, out Segment s);
            Assert.True(outcome != DecodeOutcome.Segment || (s.SourcePort, s.Sequence.Value) == (packet.SourcePort, packet.Sequence), $"{outcome} at {length}");
        }
    }

    private static TcpPacket Packet(bool ipv6) => new()
    {
        Source = ipv6 ? IPAddress.Parse("2001:db8:aaaa::1") : IPAddress.Parse("198.51.100.7"),
        Destination = ipv6 ? IPAddress.Parse("2001:db8:bbbb::2") : IPAddress.Parse("203.0.113.9"),
        SourcePort = 51234,
        DestinationPort = 443,
        Sequence = 0xDEADBEEF,
        Acknowledgment = 0x01020304,
        Flags = TcpFlags.Psh | TcpFlags.Ack,
        Window = 4711,
        TimeToLive = 57,
        Payload = TcpPacket.Bytes(33),
    };

    private static (int LinkType, byte[] Frame) Frame(string wrapping, byte[] ip)
    {
        (int linkType, Func<byte[], byte[]> put) = Wrap.All[wrapping];
        return (linkType >= 0 ? linkType : Ip.IsV6(ip) ? LinkType.IPv6 : LinkType.IPv4, put(ip));
    }

    private static (DecodeOutcome Outcome, Segment Segment) Decode(string wrapping, byte[] ip)
    {
        (int linkType, byte[] frame) = Frame(wrapping, ip);
        return (Decode(linkType, frame, frame.Length, out Segment s), s);
    }

    private static DecodeOutcome Decode(int linkType, byte[] data, int originalLength, out Segment s) =>
        new SegmentDecoder().Decode(new Frame { Number = 1, Time = 0, LinkType = linkType, OriginalLength = originalLength, Data = data }, out s);
}
