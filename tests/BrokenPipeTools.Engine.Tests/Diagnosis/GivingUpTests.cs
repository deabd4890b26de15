using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>If a RST ends a wait, the wait is the cause.</summary>
public sealed class GivingUpTests
{
    private const string Answered = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\nS:DATA(7)\nC:ACK\n";

    /// <summary>A window that stays closed for long is the reason, whichever side ends the connection.</summary>
    [Theory]
    [InlineData("C", Cause.ZeroWindowStall)]
    [InlineData("S", Cause.UnreadDataDiscarded)]
    public void A_window_that_was_shut_for_long_is_the_reason_of_the_reset(string resetSender, Cause cause)
    {
        ConnectionClose record = PacketScript.One(Answered + $"C:DATA(500)\nS:ACK win=0\n+1 C:KEEPALIVE\nS:ACK win=0\n+9 C:KEEPALIVE\nS:ACK win=0\n+20 C:KEEPALIVE\nS:ACK win=0\n+30 {resetSender}:RST-ACK");

        Assert.Equal((CloseState.Reset, cause), (record.State, record.Cause));
        Assert.Contains("zero", record.Explanation, StringComparison.Ordinal);
        Assert.Contains("(frame 9)", record.Explanation, StringComparison.Ordinal);
    }

    /// <summary>If the receiver drops a FIN, and its sender continues, nothing was closed.</summary>
    [Theory]
    [InlineData("S:FIN seq=8 ack=1006\nC:ACK seq=6 ack=8\nC:DATA(50) seq=6 ack=8\nS:ACK seq=8 ack=56", CloseState.Open, 0)] // it acknowledges bytes that the client sends only later
    [InlineData("S:FIN seq=900008 ack=6\nC:ACK seq=6 ack=8\nC:DATA(50) seq=6 ack=8\nS:ACK seq=8 ack=56", CloseState.Open, 0)] // the server still has a lower number
    [InlineData("S:FIN seq=8 ack=6\nC:ACK seq=6 ack=9\nC:DATA(50) seq=6 ack=9\nS:ACK seq=9 ack=56", CloseState.HalfClosed, 0)]
    [InlineData("S:FIN seq=8 ack=56\nC:ACK seq=56 ack=9", CloseState.HalfClosed, 0)] // the capture lacks the bytes that it acknowledges
    [InlineData("S:FIN seq=48 ack=6\nS:DATA(40) seq=8 ack=6\nC:ACK seq=6 ack=49", CloseState.HalfClosed, 0)] // it came too early
    public void A_FIN_that_was_dropped_closes_nothing(string end, CloseState state, long unacked)
    {
        ConnectionClose record = PacketScript.One(Answered + end);

        Assert.Equal((state, unacked), (record.State, record.ServerUnacked));
        Assert.Equal(state == CloseState.Open, record.ServerFinFrame is null);
        Assert.Equal(state == CloseState.Open, record.Explanation.Contains("A FIN with the server's address (frame 8) was not sent by that host", StringComparison.Ordinal));
        Assert.Equal(state == CloseState.Open ? "blocks" : "EOF", record.ClientRead);
    }
}
