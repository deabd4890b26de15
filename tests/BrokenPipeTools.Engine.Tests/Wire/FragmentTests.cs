using System.Buffers.Binary;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Wire;

public sealed class FragmentTests
{
    private readonly SegmentDecoder _decoder = new();
    private readonly byte[] _segment = new TcpPacket { Source = Ip.A4, Destination = Ip.B4, SourcePort = 1234, Payload = TcpPacket.Bytes(100) }.ToSegment();

    [Theory]
    [InlineData(new[] { 0, 1, 2 })]
    [InlineData(new[] { 2, 1, 0 })]
    [InlineData(new[] { 1, 0, 2 })]
    [InlineData(new[] { 0, 0, 2, 1 })]
    public void Fragments_in_any_order_make_one_segment_at_the_last_of_them(int[] order)
    {
        byte[][] fragments = V4Fragments(id: 7);
        for (int i = 0; i < order.Length - 1; i++)
            Assert.Equal(DecodeOutcome.FragmentHeld, Decode(fragments[order[i]], out _));
        Assert.Equal(DecodeOutcome.Segment, Decode(fragments[order[^1]], out Segment s));
        Assert.Equal(((ushort)1234, 100, ChecksumState.Good), (s.SourcePort, s.PayloadLength, s.Checksum));
    }

    [Fact]
    public void Datagrams_of_different_ids_are_kept_apart()
    {
        byte[][] a = V4Fragments(id: 1);
        byte[][] b = V4Fragments(id: 2);
        Decode(a[0], out _);
        Decode(b[1], out _);
        Decode(a[2], out _);
        Assert.Equal(DecodeOutcome.FragmentHeld, Decode(b[0], out _));
        Assert.Equal(DecodeOutcome.Segment, Decode(a[1], out _));
    }

    [Fact]
    public void IPv6_fragments_are_put_together()
    {
        byte[] segment = new TcpPacket { Source = Ip.A6, Destination = Ip.B6, Payload = TcpPacket.Bytes(100) }.ToSegment();
        Assert.Equal(DecodeOutcome.FragmentHeld, Decode(V6Fragment(segment[..64], 0, more: true), out _));
        Assert.Equal(DecodeOutcome.Segment, Decode(V6Fragment(segment[64..], 64, more: false), out Segment s));
        Assert.Equal((100, ChecksumState.Good), (s.PayloadLength, s.Checksum));
    }

    [Fact]
    public void The_first_fragment_of_one_that_was_cut_shows_the_header_but_no_length()
    {
        byte[] frame = Wrap.Ethernet(V4Fragments(id: 7)[0]);
        DecodeOutcome outcome = _decoder.Decode(new Frame { Number = 1, Time = 0, LinkType = 1, OriginalLength = frame.Length, Data = frame.AsSpan(0, frame.Length - 4) }, out Segment s);
        Assert.Equal((DecodeOutcome.Segment, (ushort)1234, false), (outcome, s.SourcePort, s.HasLength));
    }

    /// <summary>Without a bound, fragments of 8 bytes with gaps between them would make the table compare each further one with thousands of ranges.</summary>
    [Fact]
    public void A_datagram_with_too_many_gaps_begins_again()
    {
        byte[] bytes = TcpPacket.Bytes(8);
        for (int i = 0; i < 64; i++)
            Assert.Equal(DecodeOutcome.FragmentHeld, Decode(Ip.V4(Ip.A4, Ip.B4, 6, bytes, id: 7, fragment: (20 + (2 * i)) | 0x2000), out _));
        byte[][] fragments = V4Fragments(id: 7);
        Decode(fragments[0], out _);
        Decode(fragments[1], out _);
        Assert.Equal(DecodeOutcome.Segment, Decode(fragments[2], out Segment s));
        Assert.Equal((100, ChecksumState.Good), (s.PayloadLength, s.Checksum));
    }

    private byte[][] V4Fragments(ushort id)
    {
        (int Start, int End)[] pieces = [(0, 40), (40, 80), (80, _segment.Length)];
        return [.. pieces.Select(p => Ip.V4(Ip.A4, Ip.B4, 6, _segment[p.Start..p.End], id: id, fragment: (p.Start / 8) | (p.End < _segment.Length ? 0x2000 : 0)))];
    }

    private static byte[] V6Fragment(byte[] part, int offset, bool more)
    {
        byte[] header = new byte[8];
        header[0] = 6;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(offset | (more ? 1 : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), 99);
        return Ip.V6(Ip.A6, Ip.B6, 44, [.. header, .. part]);
    }

    private DecodeOutcome Decode(byte[] ip, out Segment s)
    {
        byte[] frame = Wrap.Ethernet(ip);
        return _decoder.Decode(new Frame { Number = 1, Time = 0, LinkType = 1, OriginalLength = frame.Length, Data = frame }, out s);
    }
}
