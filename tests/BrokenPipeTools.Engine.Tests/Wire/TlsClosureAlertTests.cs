using BrokenPipeTools.Capture;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Wire;

public class TlsClosureAlertTests
{
    [Theory]
    [InlineData(21, 2, true)] // unencrypted
    [InlineData(21, 26, true)] // TLS 1.2 with AES-GCM
    [InlineData(21, 96, true)] // with CBC, SHA-384 and padding
    [InlineData(23, 19, true)] // TLS 1.3
    [InlineData(23, 24, true)]
    [InlineData(23, 25, false)]
    [InlineData(22, 19, false)] // a handshake message
    [InlineData(20, 1, false)]
    public void One_record_of_an_alert_or_as_short_as_one_is_a_closure_alert(byte type, byte content, bool expected) =>
        Assert.Equal(expected, IsClosureAlert([type, 3, 3, 0, content, .. TcpPacket.Bytes(content)]));

    [Fact]
    public void More_or_less_than_one_record_is_not_a_closure_alert()
    {
        byte[] alert = [21, 3, 3, 0, 2, 1, 0];
        Assert.True(IsClosureAlert(alert));
        Assert.False(IsClosureAlert([.. alert, .. alert]));
        Assert.False(IsClosureAlert(alert[..6]));
        Assert.False(IsClosureAlert([21, 3, 3, 0, 0]));
        Assert.False(IsClosureAlert([21, 2, 0, 0, 2, 1, 0]));
    }

    [Fact]
    public void The_record_header_is_enough_in_a_capture_with_cut_frames()
    {
        byte[] frame = Wrap.Ethernet(new TcpPacket { Payload = [23, 3, 3, 0, 19, .. TcpPacket.Bytes(19)] }.ToIp());
        Assert.True(Decode(frame[..^15], frame.Length).IsTlsClosureAlert);
        Assert.False(Decode(frame[..^20], frame.Length).IsTlsClosureAlert);
    }

    private static bool IsClosureAlert(byte[] payload)
    {
        byte[] frame = Wrap.Ethernet(new TcpPacket { Payload = payload }.ToIp());
        return Decode(frame, frame.Length).IsTlsClosureAlert;
    }

    private static Segment Decode(byte[] frame, int length)
    {
        Assert.Equal(DecodeOutcome.Segment, new SegmentDecoder().Decode(new Frame { Number = 1, Time = 0, LinkType = 1, OriginalLength = length, Data = frame }, out Segment s));
        return s;
    }
}
