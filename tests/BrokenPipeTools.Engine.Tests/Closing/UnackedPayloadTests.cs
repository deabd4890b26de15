using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Closing;

/// <summary>Graceful means that everything was acknowledged; unacknowledged bytes are counted.</summary>
public sealed class UnackedPayloadTests
{
    private const string Answered = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\nS:DATA(7)\nC:ACK\n";

    [Theory]
    [InlineData("S:FIN\nC:ACK\nC:FIN\nS:ACK", CloseState.Graceful, 0, 0)]
    [InlineData("S:FIN\nC:ACK\nC:FIN", CloseState.Graceful, 0, 0)] // the acknowledgment of the last FIN is missing
    [InlineData("S:FIN\nC:FIN ack=8", CloseState.HalfClosed, 0, 0)] // the acknowledgments of both FINs are missing
    [InlineData("S:FIN\nC:ACK\nC:DATA(580)\nC:FIN\nS:RST", CloseState.Reset, 580, 0)] // refused by a RST
    [InlineData("C:FIN\nS:ACK\nS:DATA(7240)\nS:FIN(700)\nC:RST\nC:RST", CloseState.Reset, 0, 7940)]
    [InlineData("S:FIN\nC:ACK\nC:DATA(24)\nC:FIN\n+0.3 C:FIN(24) seq=6\n+0.6 C:FIN(24) seq=6\n+1.2 C:FIN(24) seq=6", CloseState.TimedOut, 24, 0)]
    [InlineData("S:FIN\nC:ACK\nC:FIN\n+0.3 C:FIN seq=6\n+0.6 C:FIN seq=6\n+1.2 C:FIN seq=6\n+2.4 C:FIN seq=6", CloseState.TimedOut, 0, 0)] // a FIN without an acknowledgment
    [InlineData("S:FIN\nC:ACK\nC:DATA(24)\nC:FIN", CloseState.HalfClosed, 24, 0)]
    [InlineData("S:FIN\nC:ACK\nC:DATA(24)\nC:FIN\nS:ACK", CloseState.Graceful, 0, 0)]
    [InlineData("S:FIN\nC:ACK\nC:DATA(31) tls=alert\nC:FIN\nS:RST", CloseState.Graceful, 31, 0)] // a TLS closure alert need not arrive
    [InlineData("S:FIN\nC:ACK\nC:DATA(9)\nC:DATA(31) tls=alert\nC:FIN\nS:RST", CloseState.Reset, 40, 0)]
    [InlineData("C:DATA(100) lost=1\nS:ACK\nC:FIN\nS:FIN\nC:ACK", CloseState.Graceful, 0, 0)] // not captured, but acknowledged
    [InlineData("C:DATA(9)", CloseState.Open, 9, 0)]
    public void Unacknowledged_bytes_are_counted(string end, CloseState state, long client, long server)
    {
        foreach (bool ipv6 in (bool[])[false, true])
        {
            ConnectionClose record = PacketScript.One(Answered + end, ipv6);
            Assert.Equal((state, client, server), (record.State, record.ClientUnacked, record.ServerUnacked));
            Assert.False(record.Confidence == Confidence.High && record.Cause is Cause.NormalClose or Cause.HalfClose && state != CloseState.Graceful);
            if (client + server > 0 && state != CloseState.Graceful)
                Assert.DoesNotContain("othing was lost", record.Explanation, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Unacknowledged_bytes_are_unknown_if_the_other_side_was_not_captured()
    {
        ConnectionClose record = PacketScript.One("C:DATA(5)\nC:DATA(6)");
        Assert.Equal((null, 0L), (record.ClientUnacked, record.ServerUnacked));
    }

    [Theory]
    [InlineData("+2 S:FIN\nC:ACK\n+20 C:FIN\nS:ACK", 20.001)]
    [InlineData("+2 C:FIN\nS:ACK\n+61 S:DATA(20)\nC:RST", 61.002)]
    [InlineData("+2 C:FIN\nS:ACK", 0.001)]
    [InlineData("+2 C:RST-ACK", null)]
    [InlineData("", null)]
    public void A_half_closed_connection_has_its_seconds(string end, double? seconds)
    {
        double? measured = PacketScript.One(Answered + end).HalfClosedFor;
        Assert.Equal(seconds is null, measured is null);
        Assert.Equal(seconds ?? 0, measured ?? 0, precision: 6);
    }

    /// <summary>The capture continues after the last packet of the connection.</summary>
    [Fact]
    public void A_connection_stays_half_closed_until_the_end_of_the_capture()
    {
        ConnectionClose left = PacketScript.Run(Answered + "C:FIN\nS:ACK\n+600 C:SYN conn=1")[0];
        Assert.Equal(600.001, left.HalfClosedFor!.Value, precision: 6);
        Assert.Contains("CLOSE_WAIT", left.Explanation, StringComparison.Ordinal);
        Assert.Contains("close-wait", left.Advice, StringComparison.Ordinal);
    }
}
