using BrokenPipeTools.Capture;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Wire;

public class TlsFarewellTests
{
    [Theory]
    [InlineData(21, 2, true)] // in plain bytes
    [InlineData(21, 26, true)] // TLS 1.2 with AES-GCM
    [InlineData(21, 96, true)] // with CBC, SHA-384 and padding
    [InlineData(23, 19, true)] // TLS 1.3
    [InlineData(23, 24, true)]
    [InlineData(23, 25, false)]
    [InlineData(22, 19, false)] // a handshake message
    [InlineData(20, 1, false)]
    public void One_record_of_an_alert_or_as_short_as_one_is_a_farewell(byte type, byte content, bool expected) =>
        Assert.Equal(expected, IsFarewell([type, 3, 3, 0, content, .. TcpPacket.Bytes(content)]));

    [Fact]
    public void More_or_less_than_one_record_is_not()
    {
        byte[] alert = [21, 3, 3, 0, 2, 1, 0];
        Assert.True(IsFarewell(alert));
        Assert.False(IsFarewell([.. alert, .. alert]));
        Assert.False(IsFarewell(alert[..6]));
        Assert.False(IsFarewell([21, 3, 3, 0, 0]));
        Assert.False(IsFarewell([21, 2, 0, 0, 2, 1, 0]));
    }

    [Fact]
    public void The_record_header_is_enough_in_a_capture_with_cut_frames()
    {
        byte[] frame = Wrap.Ethernet(new TcpPacket { Payload = [23, 3, 3, 0, 19, .. TcpPacket.Bytes(19)] }.ToIp());
        Assert.True(Decode(frame[..^15], frame.Length).IsTlsFarewell);
        Assert.False(Decode(frame[..^20], frame.Length).IsTlsFarewell);
    }

    private static bool IsFarewell(byte[] payload)
    {
        byte[] frame = Wrap.Ethernet(new TcpPacket { Payload = payload }.ToIp());
        return Decode(frame, frame.Length).IsTlsFarewell;
    }

    private static Segment Decode(byte[] frame, int length)
    {
        Assert.Equal(DecodeOutcome.Segment, new SegmentDecoder().Decode(new Frame { Number = 1, Time = 0, LinkType = 1, OriginalLength = length, Data = frame }, out Segment s));
        return s;
    }
}
